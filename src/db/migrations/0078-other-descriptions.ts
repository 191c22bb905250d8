/** @file What other describers said of a photo, beside the description in use: the same columns. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table other_descriptions (like descriptions including defaults, primary key (photo_id, said_by))`.execute(db)
  await sql`alter table other_descriptions add foreign key (photo_id) references photos (id) on delete cascade`.execute(db)
}
