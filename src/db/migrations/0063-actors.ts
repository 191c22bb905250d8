/** @file Who made an edit or a decision. So far there was one person. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['edits', 'decisions'])
    await sql.raw(`alter table ${table} add column actor text not null default 'owner'`).execute(db)
}
