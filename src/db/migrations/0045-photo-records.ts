/** @file How far the records of photos (`<data>/records`) are written, and named faces that a rebuilt library found in them. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // `seen`: \`search_documents.changed_in\` of the state that is written; null: to be written. `sha256`: of the file; null: none was needed
  `create table photo_records (
    photo_id integer primary key references photos (id) on delete cascade,
    seen xid8,
    sha256 text,
    faces jsonb not null default '[]'
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
