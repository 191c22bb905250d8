/** @file Processes say what they do, and tell each other what happened: a count per topic, which a poll finds even where a notification is lost. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table relayed (
    topic text primary key,
    -- how often it was told
    count bigint not null default 1
  )`,
  // told as topics now
  `alter table task_leases drop column asked`,
  `alter table processes add column roles text not null default 'all'`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
