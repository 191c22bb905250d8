/** @file The city a photo was taken in, with what said it. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  'alter table photo_metadata add column city text',
  'alter table photo_metadata add column city_source text',
  'create index photo_metadata_by_city on photo_metadata (lower(city), photo_id) where city is not null',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
