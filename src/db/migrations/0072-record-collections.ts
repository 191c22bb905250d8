/** @file Records of pictures that stand apart are written anew: they say since now that these are no photos. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update photo_records set seen = null where photo_id in (select id from photos where collection <> 'photos')`.execute(db)
}
