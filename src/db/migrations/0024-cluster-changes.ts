/** @file What merges of clusters changed, so that they can be undone as all changes by persons are. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table cluster_changes (
    edit_id integer primary key references edits (id) on delete cascade,
    change jsonb not null
  )`.execute(db)
}
