/** @file What persons decide: decisions over what machines and files say, their history for undo, and the categories photos are in. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // One row per change a person asked for; an undo is one too. While it runs it remembers its photos and how far it is, so that it resumes.
  `create table edits (
    id integer generated always as identity primary key,
    summary text not null,
    targets jsonb not null,
    undo_of integer references edits (id) on delete set null,
    state text not null default 'running' check (state in ('running', 'done')),
    photo_ids integer[] not null,
    photos integer not null,
    position integer not null default 0,
    changed integer not null default 0,
    conflicts integer not null default 0,
    made_at timestamptz not null default now(),
    finished_at timestamptz
  )`,
  `create index edits_running on edits (id) where state = 'running'`,

  // What a person said of a photo. No step writes here, so no re-run can change it.
  `create table decisions (
    photo_id integer not null references photos (id) on delete cascade,
    field text not null check (field in ('tag', 'category', 'title', 'caption', 'alt_text', 'rating', 'favourite')),
    key text not null default '',
    value jsonb not null,
    decided_at timestamptz not null default now(),
    primary key (photo_id, field, key)
  )`,
  'create index decisions_by_value on decisions (field, key, photo_id)',

  // What each edit changed: the decision before and after; null is none. Undo reads it back.
  `create table edit_changes (
    edit_id integer not null references edits (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    field text not null,
    key text not null default '',
    before jsonb,
    before_at timestamptz,
    after jsonb,
    primary key (edit_id, photo_id, field, key)
  )`,
  'create index edit_changes_by_photo on edit_changes (photo_id, edit_id)',

  // The one place that says which tags a photo has: a person's word stands over a machine's.
  `create view effective_tags as
    select t.photo_id, t.tag, t.said_by, t.confidence from photo_tags t
    where not exists (
      select 1 from decisions d where d.photo_id = t.photo_id and d.field = 'tag' and d.key = t.tag and d.value = 'false')
    union all
    select d.photo_id, d.key, 'person', 1::real from decisions d where d.field = 'tag' and d.value = 'true'`,

  // The categories a photo is in, kept current by \`categories.refresh_from\` and by whatever changes its tags.
  `create table photo_categories (
    category_id integer not null references categories (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    primary key (category_id, photo_id)
  )`,
  'create index photo_categories_by_photo on photo_categories (photo_id)',
  // What \`photo_categories\` must hold.
  `create view derived_categories as
    select m.category_id, t.photo_id from effective_tags t
      join tag_broader b on b.tag = t.tag join tag_category_mappings m on m.tag = b.broader
    where not exists (
      select 1 from decisions d
      where d.photo_id = t.photo_id and d.field = 'category' and d.key = m.category_id::text and d.value = 'false')
    union
    select c.id, d.photo_id from decisions d join categories c on c.id::text = d.key where d.field = 'category' and d.value = 'true'`,
  // Set by a change of the mapping: photos from this id on are still to be looked at; null when none is.
  'alter table categories add column refresh_from integer',
  'insert into photo_categories (category_id, photo_id) select category_id, photo_id from derived_categories',

  // What write-back has said of a photo, and where; it is due again when the photo’s document is newer (0007).
  `create table sidecars (
    photo_id integer primary key references photos (id) on delete cascade,
    seen xid8 not null,
    content jsonb,
    path text,
    problem text
  )`,
  'alter table photo_metadata add column alt_text text',

  // Search documents to be written again in the background, after changes of many photos at once.
  'create table stale_documents (photo_id integer primary key references photos (id) on delete cascade)',

  // What files (and models) say a photo is called, rated and described as, and who says it.
  `create view machine_facts as
    select p.id as photo_id,
      m.title, case when m.title is not null then 'file' end as title_said_by,
      coalesce(m.description, c.description) as caption,
      case when m.description is not null then 'file' else c.said_by end as caption_said_by,
      m.description as file_caption, c.description as model_caption,
      coalesce(m.alt_text, a.alt_text) as alt_text,
      case when m.alt_text is not null then 'file' else a.said_by end as alt_text_said_by,
      m.rating, case when m.rating is not null then 'file' end as rating_said_by
    from photos p left join photo_metadata m on m.photo_id = p.id
    left join lateral (
      select d.description, d.said_by from descriptions d where d.photo_id = p.id and d.description is not null
      order by d.created_at desc, d.said_by limit 1) c on true
    left join lateral (
      select d.alt_text, d.said_by from descriptions d where d.photo_id = p.id and d.alt_text is not null
      order by d.created_at desc, d.said_by limit 1) a on true`,
  // The one place that says what a photo is called, rated and described as: a person’s word stands over the machine’s, also an empty one.
  `create view effective_facts as
    select m.photo_id,
      case when title.photo_id is null then m.title else title.value #>> '{}' end as title,
      case when caption.photo_id is null then m.caption else caption.value #>> '{}' end as caption,
      case when caption.photo_id is null then m.file_caption end as file_caption,
      case when alt.photo_id is null then m.alt_text else alt.value #>> '{}' end as alt_text,
      array_remove(array[
        case when caption.photo_id is null then m.model_caption else caption.value #>> '{}' end,
        case when alt.photo_id is null then m.alt_text else alt.value #>> '{}' end
      ], null) as captions,
      case when rating.photo_id is null then m.rating else (rating.value #>> '{}')::integer end as rating,
      coalesce(favourite.value = 'true', false) as favourite
    from machine_facts m
    left join decisions title on title.photo_id = m.photo_id and title.field = 'title' and title.key = ''
    left join decisions caption on caption.photo_id = m.photo_id and caption.field = 'caption' and caption.key = ''
    left join decisions alt on alt.photo_id = m.photo_id and alt.field = 'alt_text' and alt.key = ''
    left join decisions rating on rating.photo_id = m.photo_id and rating.field = 'rating' and rating.key = ''
    left join decisions favourite on favourite.photo_id = m.photo_id and favourite.field = 'favourite' and favourite.key = ''`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
