/** @file Albums: filled by hand (order, cover, nesting) or by a saved search; what persons changed in them, for undo. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // A saved search is an album that fills itself: one object, so that opening, exporting and sharing are one thing.
  `create table albums (
    id integer generated always as identity primary key,
    name text not null,
    description text not null default '',
    kind text not null check (kind in ('by-hand', 'by-search')),
    search jsonb check ((kind = 'by-search') = (search is not null)),
    problem text,
    parent_id integer references albums (id) on delete set null,
    cover_photo_id integer references photos (id) on delete set null,
    version integer not null default 1,
    made_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    deleted_at timestamptz
  )`,
  'create index albums_by_parent on albums (parent_id)',
  'create index albums_by_cover on albums (cover_photo_id) where cover_photo_id is not null',
  // Places leave room between, so that one photo moves by one row. Of a saved search: the rank, 0 where it only lists.
  `create table album_photos (
    album_id integer not null references albums (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    place double precision not null,
    added_at timestamptz not null default now(),
    primary key (album_id, photo_id)
  )`,
  'create index album_photos_by_place on album_photos (album_id, place, photo_id)',
  'create index album_photos_by_photo on album_photos (photo_id)',
  // What was added, taken out or moved, with the places before (moved, removed) or given (added).
  `create table album_changes (
    id integer generated always as identity primary key,
    album_id integer not null references albums (id) on delete cascade,
    what text not null check (what in ('added', 'removed', 'moved')),
    photo_ids integer[] not null,
    places double precision[] not null,
    made_at timestamptz not null default now(),
    undone_at timestamptz
  )`,
  'create index album_changes_by_album on album_changes (album_id)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
