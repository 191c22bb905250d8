/** @file Categories changed without a look-up per row; a threshold per word and the history of words; sidecars of other programs. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // A foreign key asks for each row by a query of its own: of the time a changed mapping took at 100,000 photos, seven tenths.
  // Deleting takes rows along by one statement instead, and who inserts holds the photos and the category (`store-categories.ts`).
  'alter table photo_categories drop constraint photo_categories_category_id_fkey, drop constraint photo_categories_photo_id_fkey',
  'alter table stale_documents drop constraint stale_documents_photo_id_fkey',
  `create function forget_deleted_photos() returns trigger language plpgsql as $$
    begin
      delete from photo_categories where photo_id in (select id from gone);
      delete from stale_documents where photo_id in (select id from gone);
      return null;
    end $$`,
  `create trigger photos_forgotten after delete on photos
    referencing old table as gone for each statement execute function forget_deleted_photos()`,
  `create function forget_deleted_categories() returns trigger language plpgsql as $$
    begin
      delete from photo_categories where category_id in (select id from gone);
      return null;
    end $$`,
  `create trigger categories_forgotten after delete on categories
    referencing old table as gone for each statement execute function forget_deleted_categories()`,

  // From which score a word is said, where a person chose it; null: as measured.
  'alter table vocabulary_words add column threshold real',
  // What a person changed about words; null: the word stood as the starting list has it, or nowhere.
  `create table vocabulary_changes (
    edit_id integer not null references edits (id) on delete cascade,
    word text not null,
    before jsonb,
    after jsonb,
    primary key (edit_id, word)
  )`,

  // Which sidecars lie beside a file, as they were last seen (\`ingest/sidecars.ts\`); null: none.
  'alter table photo_files add column sidecar text',
  // What sidecars of other programs say, without what we wrote into them.
  'alter table photo_metadata add column sidecar jsonb',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
