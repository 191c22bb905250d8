/** @file Marks by which what is kept in memory follows the tables: which transaction wrote a vector, and which photos were deleted. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // without a value for the rows that are there: giving them one would write the table and its vector indexes anew
  'alter table embeddings add column changed_in xid8',
  'alter table embeddings alter column changed_in set default pg_current_xact_id()',
  'create index embeddings_by_change on embeddings (space_id, changed_in) where changed_in is not null',

  `create table deleted_photos (
    photo_id integer primary key,
    deleted_in xid8 not null default pg_current_xact_id(),
    deleted_at timestamptz not null default now()
  )`,
  'create index deleted_photos_by_change on deleted_photos (deleted_in)',
  `create function note_deleted_photos() returns trigger language plpgsql as $$
    begin
      insert into deleted_photos (photo_id) select id from gone on conflict do nothing;
      return null;
    end $$`,
  `create trigger photos_deleted after delete on photos
    referencing old table as gone for each statement execute function note_deleted_photos()`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
