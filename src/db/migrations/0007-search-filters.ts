/** @file Indexes for the filters of search, and the mark by which a running program sees which photos’ facts changed. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // `photo_metadata` holds all that files say of themselves: a filter must not read its rows to pass most of them over
  'create index photo_metadata_by_camera on photo_metadata (lower(camera_model), photo_id) where camera_model is not null',
  'create index photo_metadata_by_lens on photo_metadata (lower(lens), photo_id) where lens is not null',
  'create index photo_metadata_by_country on photo_metadata (lower(country), photo_id) where country is not null',
  'create index photo_metadata_by_rating on photo_metadata (rating, photo_id) where rating is not null',
  'create index photo_metadata_by_place on photo_metadata (latitude, longitude, photo_id) where latitude is not null',
  'create index photo_files_by_source on photo_files (source_id, photo_id)',

  // The transaction that last wrote the document. Rows of transactions that had not ended when a reader looked are told by
  // `pg_snapshot_xmin`, which a time stamp could not do.
  'alter table search_documents add column changed_in xid8 not null default pg_current_xact_id()',
  'create index search_documents_by_change on search_documents (changed_in)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
