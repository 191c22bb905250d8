/** @file What persons say of a source: where its links may lead, that it is paused or removed; and what its last whole scan left out. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `alter table sources
    add column follow_links text[] not null default '{}',
    add column skipped_links jsonb not null default '{"count": 0, "examples": []}',
    add column unconfirmed integer,
    add column paused_at timestamptz,
    add column removed_at timestamptz,
    add column removed_by integer references edits (id) on delete set null`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
