/** @file What is kept in memory for counting, as it was last saved: a start reads that and what changed since, instead of everything. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table kept_indexes (
    name text primary key,
    -- of the code that made it: another version reads everything again
    made_by text not null,
    -- what transactions before this mark wrote is in it
    seen xid8 not null,
    saved_at timestamptz not null default now(),
    content bytea not null
  )`,
  // compressed already
  'alter table kept_indexes alter column content set storage external',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
