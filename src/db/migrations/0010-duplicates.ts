/** @file Sets of duplicates with what a person said of their pairs, and the trash: photos that are out of sight, and those that are remembered as deleted. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // Out of sight since; \`removed_at\`: the trash was emptied of it, the row only remembers its bytes.
  'alter table photos add column trashed_at timestamptz, add column removed_at timestamptz',
  'create index photos_trashed on photos (trashed_at desc, id desc) where trashed_at is not null',
  // What lists and counts read holds what they show, so that an index alone still answers.
  'drop index photos_by_time',
  'create index photos_by_time on photos (sort_at desc, id desc) where trashed_at is null',
  'drop index photos_by_day',
  'create index photos_by_day on photos (day desc, sort_at desc, id desc) where trashed_at is null',
  'drop index photos_by_state',
  'create index photos_by_state on photos (state) where trashed_at is null',

  // A person also decides that a photo is in the trash, and of two photos (key: the other id) that they are different or both stay.
  'alter table decisions drop constraint decisions_field_check',
  `alter table decisions add constraint decisions_field_check check (
    field in ('tag', 'category', 'title', 'caption', 'alt_text', 'rating', 'favourite', 'trash', 'pair'))`,

  // A pair is known by its hashes, by a space, or both; \`verdict\` is the decision, kept here for those who read pairs.
  'alter table duplicates alter column hamming_distance drop not null',
  `alter table duplicates
    add column cosine_distance real,
    add column space_id integer references spaces (id) on delete cascade,
    add column verdict text check (verdict in ('different', 'keep'))`,
  'create index duplicates_by_space on duplicates (space_id) where space_id is not null',
  // Photos whose neighbours in a space were looked at.
  `create table compared_photos (
    photo_id integer primary key references photos (id) on delete cascade,
    space_id integer not null references spaces (id) on delete cascade
  )`,
  'create index compared_photos_by_space on compared_photos (space_id)',

  // Sets are derived from the pairs and can be built again at any time; they keep their ids.
  `create table duplicate_sets (
    id integer generated always as identity primary key,
    kind text not null,
    representative_id integer not null references photos (id) on delete cascade,
    made_at timestamptz not null default now()
  )`,
  'create index duplicate_sets_by_kind on duplicate_sets (kind, id)',
  'create index duplicate_sets_by_representative on duplicate_sets (representative_id)',
  // All members but the representative; each is a pair with it.
  `create table duplicate_members (
    set_id integer not null references duplicate_sets (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    primary key (set_id, photo_id)
  )`,
  'create index duplicate_members_by_photo on duplicate_members (photo_id)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
