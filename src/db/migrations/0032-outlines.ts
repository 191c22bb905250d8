/** @file The outline of each photo: what shows whether one picture is a part cut out of another. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // a table of its own: whoever reads hashes by the thousand reads no outlines
  await sql`create table photo_outlines (
    photo_id integer primary key references photos (id) on delete cascade,
    luma bytea not null check (length(luma) = 1024)
  )`.execute(db)
}
