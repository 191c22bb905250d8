/** @file What persons change in albums belongs to the one history, so that it can be undone for as long as all other changes can. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // what was remembered before could be taken back for seconds only, and stands in no history
  'drop table album_changes',
  // What was put in, taken out or moved, with the places before (moved, taken out) or given (put in); or that the album was deleted.
  `create table album_changes (
    edit_id integer primary key references edits (id) on delete cascade,
    album_id integer not null references albums (id) on delete cascade,
    what text not null check (what in ('added', 'removed', 'moved', 'deleted')),
    photo_ids integer[] not null,
    places double precision[] not null
  )`,
  'create index album_changes_by_album on album_changes (album_id)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
