/**
 * @file The schema of the first version, as 26 migrations (0001 to 0032) made it. A library that had those has this one (`adoptBaseline`).
 * It says by itself what it makes: it imports nothing of the program, so what the program says later changes nothing here.
 */
import { type Kysely, sql } from 'kysely'

const PHOTOS = [
  // Where photos come from. One row `upload` always exists; folders are indexed in place.
  `create table sources (
    id integer generated always as identity primary key,
    kind text not null check (kind in ('folder', 'upload')),
    path text unique,
    created_at timestamptz not null default now(),
    scanned_at timestamptz,
    notice text
  )`,
  `insert into sources (kind) values ('upload')`,

  // One row per picture (SHA-256 identity). Facts every list needs live here; the rest beside it.
  // trashed_at: out of sight since; removed_at: the trash was emptied of it, the row only remembers its bytes.
  // sort_at is the wall clock where it was taken, whatever the zone of this computer (ADR 12).
  `create table photos (
    id integer generated always as identity primary key,
    sha256 text not null unique check (length(sha256) = 64),
    bytes bigint not null,
    format text,
    filename text not null,
    state text not null default 'pending',
    reason text,
    width integer,
    height integer,
    thumbhash bytea,
    taken_at timestamptz,
    taken_local timestamp,
    taken_zone text,
    sort_at timestamptz not null,
    day date not null,
    created_at timestamptz not null default now(),
    processed_at timestamptz,
    missing_since timestamptz,
    crashes integer not null default 0,
    trashed_at timestamptz,
    removed_at timestamptz
  )`,
  // What lists and counts read holds what they show, so that an index alone answers.
  'create index photos_by_time on photos (sort_at desc, id desc) where trashed_at is null',
  'create index photos_by_day on photos (day desc, sort_at desc, id desc) where trashed_at is null',
  'create index photos_by_state on photos (state) where trashed_at is null',
  'create index photos_trashed on photos (trashed_at desc, id desc) where trashed_at is not null',
  // Photos that may be due, in the order they are taken; word for word as the lane asks (`pipeline/lease-ledger.ts`).
  `create index photos_due on photos (crashes, id)
    where state not in ('completed', 'partial', 'failed') and trashed_at is null and missing_since is null and format is not null`,

  // Where the bytes of a photo are: one row per file; a photo may have several (same bytes) or none present (missing).
  // sidecar: which ones lie beside it, as they were last seen (`ingest/sidecars.ts`); null: none.
  `create table photo_files (
    id integer generated always as identity primary key,
    photo_id integer not null references photos (id) on delete cascade,
    source_id integer not null references sources (id) on delete cascade,
    path text not null,
    filename text not null,
    bytes bigint not null,
    modified_ms bigint not null,
    missing_since timestamptz,
    sidecar text,
    unique (source_id, path)
  )`,
  'create index photo_files_by_photo on photo_files (photo_id)',
  'create index photo_files_by_source on photo_files (source_id, photo_id)',

  // Which photos were deleted, and in which transaction: what is held in memory follows.
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

  // The ledger: what is due, running, done, skipped (why), failed (why), by which model and version.
  `create table photo_steps (
    photo_id integer not null references photos (id) on delete cascade,
    step text not null,
    version integer not null,
    model_id text,
    lane text not null,
    state text not null default 'due' check (state in ('due', 'running', 'done', 'skipped', 'failed')),
    reason text,
    attempts integer not null default 0,
    started_at timestamptz,
    finished_at timestamptz,
    duration_ms real,
    primary key (photo_id, step)
  )`,
  `create index photo_steps_due on photo_steps (lane, photo_id) where state in ('due', 'running')`,
  'create index photo_steps_by_step on photo_steps (step, state)',
  // Who works on a photo, per lane; without owner: the lane leaves the photo alone until then.
  `create table photo_leases (
    photo_id integer not null references photos (id) on delete cascade,
    lane text not null,
    owner text,
    until timestamptz not null,
    primary key (photo_id, lane)
  )`,
  'create index photo_leases_by_owner on photo_leases (owner)',

  // Small facts of the library itself (active model, installed models’ checksums).
  'create table settings (key text primary key, value jsonb not null)',
]

/** What the steps found. */
const FACTS = [
  // sidecar: what sidecars of other programs say, without what we wrote into them.
  `create table photo_metadata (
    photo_id integer primary key references photos (id) on delete cascade,
    camera_make text, camera_model text, lens text,
    iso integer, aperture real, exposure_s real, focal_mm real,
    latitude double precision, longitude double precision, altitude_m real, country text,
    rating integer, title text, description text,
    keywords text[] not null default '{}',
    orientation integer, colour_profile text, software text,
    face_regions jsonb not null default '[]',
    raw jsonb not null default '{}',
    alt_text text,
    sidecar jsonb,
    city text, city_source text
  )`,
  // It holds all that files say of themselves: a filter must not read its rows to pass most of them over.
  'create index photo_metadata_by_camera on photo_metadata (lower(camera_model), photo_id) where camera_model is not null',
  'create index photo_metadata_by_lens on photo_metadata (lower(lens), photo_id) where lens is not null',
  'create index photo_metadata_by_country on photo_metadata (lower(country), photo_id) where country is not null',
  'create index photo_metadata_by_rating on photo_metadata (rating, photo_id) where rating is not null',
  'create index photo_metadata_by_place on photo_metadata (latitude, longitude, photo_id) where latitude is not null',
  'create index photo_metadata_by_city on photo_metadata (lower(city), photo_id) where city is not null',

  `create table photo_colours (
    photo_id integer not null references photos (id) on delete cascade,
    position integer not null,
    name text not null, hex text not null, share real not null,
    primary key (photo_id, position)
  )`,
  'create index photo_colours_by_name on photo_colours (name, photo_id)',

  `create table photo_hashes (
    photo_id integer primary key references photos (id) on delete cascade,
    pdq bytea not null check (length(pdq) = 32),
    quality integer not null,
    dihedral bytea not null check (length(dihedral) = 256)
  )`,
  // What shows whether one picture is a part cut out of another. A table of its own: whoever reads hashes by the thousand reads none of it.
  `create table photo_outlines (
    photo_id integer primary key references photos (id) on delete cascade,
    luma bytea not null check (length(luma) = 1024)
  )`,

  `create table detected_objects (
    id integer generated always as identity primary key,
    photo_id integer not null references photos (id) on delete cascade,
    label text not null, confidence real not null,
    x real not null, y real not null, width real not null, height real not null,
    model_id text not null
  )`,
  'create index detected_objects_by_photo on detected_objects (photo_id)',
  // coverage, words: how much of the picture is text.
  `create table ocr_texts (
    photo_id integer primary key references photos (id) on delete cascade,
    text text not null, language text, rotation integer,
    lines jsonb not null, model_id text not null,
    coverage real not null default 0, words integer not null default 0
  )`,
]

const PEOPLE = [
  // Without a name: a cluster of faces nobody has named yet. One that was merged stays as the way to the other.
  `create table people (
    id integer generated always as identity primary key,
    name text unique,
    created_at timestamptz not null default now(),
    is_hidden boolean not null default false,
    is_kept boolean not null default false,
    merged_into integer references people (id) on delete set null
  )`,
  // named_by: `file`, `person` or `cluster`. is_placed: the clustering has looked at this vector.
  `create table faces (
    id integer generated always as identity primary key,
    photo_id integer not null references photos (id) on delete cascade,
    x real not null, y real not null, width real not null, height real not null,
    landmarks jsonb not null, confidence real not null, quality real not null,
    vector vector not null, model_id text not null,
    person_id integer references people (id) on delete set null,
    named_by text,
    is_placed boolean not null default false
  )`,
  'create index faces_by_photo on faces (photo_id)',
  'create index faces_by_person on faces (person_id)',
  'create index faces_to_place on faces (model_id) where not is_placed',
  'create index faces_by_model on faces (model_id, id)',
  'alter table people add column cover_face_id integer references faces (id) on delete set null',
  'create index people_by_cover on people (cover_face_id) where cover_face_id is not null',
  'create index people_by_merge on people (merged_into) where merged_into is not null',

  // A person said: this face is not that person, these two are not the same.
  `create table face_rejections (
    face_id integer not null references faces (id) on delete cascade,
    person_id integer not null references people (id) on delete cascade,
    primary key (face_id, person_id)
  )`,
  'create index face_rejections_by_person on face_rejections (person_id)',
  `create table people_apart (
    person_id_1 integer not null references people (id) on delete cascade,
    person_id_2 integer not null references people (id) on delete cascade,
    primary key (person_id_1, person_id_2),
    check (person_id_1 < person_id_2)
  )`,
  'create index people_apart_by_second on people_apart (person_id_2)',
  // “Is this …?”: a face, or all faces of a person without a name, beside a person they may be.
  `create table people_questions (
    id integer generated always as identity primary key,
    face_id integer references faces (id) on delete cascade,
    other_id integer references people (id) on delete cascade,
    person_id integer not null references people (id) on delete cascade,
    distance real not null,
    usefulness real not null,
    skipped_at timestamptz,
    check ((face_id is null) <> (other_id is null)),
    unique nulls not distinct (face_id, other_id, person_id)
  )`,
  'create index people_questions_by_other on people_questions (other_id) where other_id is not null',
  'create index people_questions_by_person on people_questions (person_id)',
]

const TAGS = [
  // A tag with where it comes from: a model id, or `file` for keywords of the file itself.
  `create table photo_tags (
    photo_id integer not null references photos (id) on delete cascade,
    tag text not null,
    said_by text not null,
    confidence real not null,
    primary key (photo_id, tag, said_by)
  )`,
  'create index photo_tags_by_tag on photo_tags (tag, photo_id)',
  // What a tag is a kind of, for every tag in use: all levels, and the tag itself (so a join reaches both).
  `create table tag_broader (
    tag text not null,
    broader text not null,
    primary key (tag, broader)
  )`,
  'create index tag_broader_by_term on tag_broader (broader, tag)',
  // The vocabulary is the starting list of the program, without the words removed here and with the words added here.
  // threshold: from which score a word is given, where a person chose it; null: as measured.
  `create table vocabulary_words (
    word text primary key,
    kind text not null check (kind in ('added', 'removed')),
    prompt text,
    broader text[] not null default '{}',
    created_at timestamptz not null default now(),
    threshold real
  )`,
  // refresh_from: set by a change of the mapping; photos from this id on are still to be looked at; null when none is.
  `create table categories (
    id integer generated always as identity primary key,
    name text not null unique,
    description text not null default '',
    created_at timestamptz not null default now(),
    refresh_from integer
  )`,
  `create table tag_category_mappings (
    tag text not null,
    category_id integer not null references categories (id) on delete cascade,
    primary key (tag, category_id)
  )`,
]

const SEARCH = [
  // Vectors of different spaces never meet; each space has its own (partial, expression) index, made when it pays.
  // of_texts: its vectors are of descriptions; due_from: photos above this id are still to be listed in due_texts.
  `create table spaces (
    id integer generated always as identity primary key,
    name text not null unique,
    model_id text not null,
    width integer not null,
    has_text boolean not null,
    indexed_at timestamptz,
    created_at timestamptz not null default now(),
    paused_because text,
    of_texts boolean not null default false,
    due_from integer
  )`,
  // digest: what was embedded, for vectors of text, embedded again when the text is another. changed_in: null for those of before.
  `create table embeddings (
    space_id integer not null references spaces (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    embedding vector not null,
    digest text,
    changed_in xid8 default pg_current_xact_id(),
    primary key (space_id, photo_id)
  )`,
  'create index embeddings_by_photo on embeddings (photo_id)',
  'create index embeddings_by_change on embeddings (space_id, changed_in) where changed_in is not null',
  // Only of fills beside the ledger; the ledger itself tells about the model that answers.
  `create table space_failures (
    space_id integer not null references spaces (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    attempts integer not null default 1,
    reason text not null,
    primary key (space_id, photo_id)
  )`,
  // A word in a space: its vector (null: the model does not know it) and how near a photo must be to get it as a tag.
  `create table space_tags (
    space_id integer not null references spaces (id) on delete cascade,
    tag text not null,
    prompt text not null,
    vector bytea,
    usual real,
    threshold real,
    primary key (space_id, tag)
  )`,
  // Photos whose text may be another than the one that was embedded; changed_in tells a change that came while it was on its way.
  `create table due_texts (
    space_id integer not null references spaces (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    changed_in xid8 not null default pg_current_xact_id(),
    primary key (space_id, photo_id)
  )`,
  'create index due_texts_by_photo on due_texts (photo_id)',

  // One document per photo for keyword search; rebuilt from the facts, never edited. changed_in is the transaction that last wrote it: rows
  // of transactions that had not ended when a reader looked are told by `pg_snapshot_xmin`, which a time stamp could not do.
  `create table search_documents (
    photo_id integer primary key references photos (id) on delete cascade,
    tsv tsvector not null,
    changed_in xid8 not null default pg_current_xact_id()
  )`,
  'create index search_documents_tsv on search_documents using gin (tsv)',
  'create index search_documents_by_change on search_documents (changed_in)',
  // The facts a document was made of: a page of hits says why it matched without gathering them again. A table of its own: the rows of
  // search_documents are walked for every word.
  `create table document_facts (
    photo_id integer primary key references photos (id) on delete cascade,
    facts json not null
  )`,
  // Documents to be written again in the background, after changes of many photos at once.
  'create table stale_documents (photo_id integer primary key)',
  // Every word of any document, for typos and parts of words. Words no photo holds any more stay; they find nothing.
  'create table search_words (word text collate "C" primary key)',
  'create index search_words_trigrams on search_words using gin (word gin_trgm_ops)',
]

const DESCRIPTIONS = [
  // What the describer that was asked last says of a photo; what a person says instead is a decision.
  // cost_estimated: from tokens and a price, because the server told none.
  `create table descriptions (
    photo_id integer not null references photos (id) on delete cascade,
    said_by text not null,
    models text[] not null,
    prompt_version text,
    description text, alt_text text,
    primary_category text, scene_type text,
    cluster_name text, inspiration_prompt text,
    tags text[] not null default '{}',
    detected_objects jsonb not null default '[]',
    fallback_used boolean not null default false,
    fallback_reason text,
    input_tokens integer, output_tokens integer,
    cost double precision, currency text,
    duration_ms real,
    created_at timestamptz not null default now(),
    cost_estimated boolean not null default false,
    primary key (photo_id, said_by)
  )`,
  'create index descriptions_by_sayer on descriptions (said_by)',
  // What describers were asked and what it cost, per day (UTC), failed calls too: the budget's memory.
  `create table describe_usage (
    day date not null,
    describer text not null,
    calls integer not null default 0,
    failures integer not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    cost double precision not null default 0,
    currency text,
    estimated_cost double precision not null default 0,
    primary key (day, describer)
  )`,
  // What a person asked to be described at once, with its own budget.
  `create table describe_runs (
    id integer generated always as identity primary key,
    describer text not null,
    state text not null default 'running' check (state in ('running', 'done', 'cancelled', 'budget')),
    max_tokens bigint,
    max_cost double precision,
    created_at timestamptz not null default now(),
    ended_at timestamptz
  )`,
  `create table describe_run_photos (
    run_id integer not null references describe_runs (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    state text not null default 'due' check (state in ('due', 'done', 'failed', 'cancelled')),
    tokens integer,
    cost double precision,
    cost_estimated boolean not null default false,
    primary key (run_id, photo_id)
  )`,
  `create index describe_run_photos_due on describe_run_photos (photo_id) where state = 'due'`,
  // Two describers over the same photos; an answer that is due is still to be asked for.
  `create table comparisons (
    id integer generated always as identity primary key,
    left_describer text not null,
    right_describer text not null,
    state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
    created_at timestamptz not null default now(),
    ended_at timestamptz
  )`,
  `create table comparison_answers (
    comparison_id integer not null references comparisons (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    side text not null check (side in ('left', 'right')),
    state text not null default 'due' check (state in ('due', 'done', 'failed')),
    reason text,
    attempts integer not null default 0,
    said_by text,
    description jsonb,
    prompt_version text,
    fallback_used boolean not null default false,
    fallback_reason text,
    input_tokens integer, output_tokens integer,
    cost double precision, currency text,
    duration_ms real,
    cost_estimated boolean not null default false,
    primary key (comparison_id, photo_id, side)
  )`,
]

/** Decisions of persons over what models and files say, and the one history by which all of them are undone. */
const EDITS = [
  // One row per change a person asked for; an undo is one too. While it runs it remembers its photos and how far it is, so that it resumes.
  // area: who knows how to undo it.
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
    finished_at timestamptz,
    area text not null default 'photos'
  )`,
  `create index edits_running on edits (id) where state = 'running'`,
  // What a person decided about a photo. No step writes here, so no re-run can change it. The key of a pair is the other id.
  `create table decisions (
    photo_id integer not null references photos (id) on delete cascade,
    field text not null
      check (field in ('tag', 'category', 'title', 'caption', 'alt_text', 'rating', 'favourite', 'trash', 'pair')),
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
  `create table people_changes (
    edit_id integer not null references edits (id) on delete cascade,
    position integer not null,
    change jsonb not null,
    primary key (edit_id, position)
  )`,
  // null: the word stood as the starting list has it, or nowhere
  `create table vocabulary_changes (
    edit_id integer not null references edits (id) on delete cascade,
    word text not null,
    before jsonb,
    after jsonb,
    primary key (edit_id, word)
  )`,
  `create table cluster_changes (
    edit_id integer primary key references edits (id) on delete cascade,
    change jsonb not null
  )`,

  // The one place that says which tags a photo has: a person's decision stands over a machine's.
  `create view effective_tags as
    select t.photo_id, t.tag, t.said_by, t.confidence from photo_tags t
    where not exists (
      select 1 from decisions d where d.photo_id = t.photo_id and d.field = 'tag' and d.key = t.tag and d.value = 'false')
    union all
    select d.photo_id, d.key, 'person', 1::real from decisions d where d.field = 'tag' and d.value = 'true'`,
  // The categories a photo is in, kept current by `categories.refresh_from` and by whatever changes its tags. Without foreign keys: these ask
  // for each row by a query of its own, seven tenths of the time a changed mapping took at 100,000 photos. Deleting takes rows along by one
  // statement instead, and who inserts holds the photos and the category (ADR 20).
  `create table photo_categories (
    category_id integer not null,
    photo_id integer not null,
    primary key (category_id, photo_id)
  )`,
  'create index photo_categories_by_photo on photo_categories (photo_id)',
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
  // What `photo_categories` must hold.
  `create view derived_categories as
    select m.category_id, t.photo_id from effective_tags t
      join tag_broader b on b.tag = t.tag join tag_category_mappings m on m.tag = b.broader
    where not exists (
      select 1 from decisions d
      where d.photo_id = t.photo_id and d.field = 'category' and d.key = m.category_id::text and d.value = 'false')
    union
    select c.id, d.photo_id from decisions d join categories c on c.id::text = d.key where d.field = 'category' and d.value = 'true'`,

  // What files (and models) say a photo is called, rated and described as, and which of them.
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
  // The one place that says what a photo is called, rated and described as: a person’s decision stands over the machine’s, also an empty one.
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

  // What write-back has said of a photo, and where; it is due again when the photo’s document is newer.
  `create table sidecars (
    photo_id integer primary key references photos (id) on delete cascade,
    seen xid8 not null,
    content jsonb,
    path text,
    problem text
  )`,
]

/** Duplicates, albums and topics. */
const GROUPS = [
  // A pair is known by its hashes, by a space, or both; verdict is the decision, kept here for those who read pairs.
  `create table duplicates (
    photo_id_1 integer not null references photos (id) on delete cascade,
    photo_id_2 integer not null references photos (id) on delete cascade,
    kind text not null,
    hamming_distance integer,
    transform text not null default 'none',
    cosine_distance real,
    space_id integer references spaces (id) on delete cascade,
    verdict text check (verdict in ('different', 'keep')),
    primary key (photo_id_1, photo_id_2),
    check (photo_id_1 < photo_id_2)
  )`,
  'create index duplicates_by_second on duplicates (photo_id_2)',
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
  // What was added, removed or moved, with the places before (moved, removed) or given (added); or that the album was deleted.
  `create table album_changes (
    edit_id integer primary key references edits (id) on delete cascade,
    album_id integer not null references albums (id) on delete cascade,
    what text not null check (what in ('added', 'removed', 'moved', 'deleted')),
    photo_ids integer[] not null,
    places double precision[] not null
  )`,
  'create index album_changes_by_album on album_changes (album_id)',

  // A cluster keeps its id and what a person said of it while most of its photos stay together.
  `create table clusters (
    id integer generated always as identity primary key,
    name text,
    said_by text,
    is_kept boolean not null default false,
    is_hidden boolean not null default false,
    description text,
    tags text[] not null default '{}',
    primary_category text,
    images_analyzed integer not null default 0,
    labelled_size integer,
    made_at timestamptz not null default now()
  )`,
  // One row per photo that was looked at; without a cluster it fits nowhere.
  `create table cluster_photos (
    photo_id integer primary key references photos (id) on delete cascade,
    cluster_id integer references clusters (id) on delete set null,
    similarity real not null
  )`,
  'create index cluster_photos_by_cluster on cluster_photos (cluster_id, similarity desc)',
]

const PRODUCTS = [
  `create table products (
    id integer generated always as identity primary key,
    store text not null,
    sku text not null,
    name text,
    kind text,
    created_at timestamptz not null default now(),
    unique (store, sku)
  )`,
  // A photo that also lies in a store. held: a person decides first, nothing is in the store; trashed: taken out of it, and can be put back.
  `create table product_pictures (
    id integer generated always as identity primary key,
    photo_id integer not null references photos (id) on delete cascade,
    store text not null,
    key text not null,
    display_name text not null,
    kind text,
    state text not null default 'stored' check (state in ('stored', 'held', 'trashed')),
    product_id integer references products (id) on delete set null,
    slot text check (slot in ('main', 'angle', 'detail', 'on-model', 'dimension', 'lifestyle')),
    like_id integer references product_pictures (id) on delete set null,
    like_kind text check (like_kind in ('same-file', 'same-picture', 'similar')),
    like_distance real,
    origin_id integer references product_pictures (id) on delete set null,
    made_by text,
    shot jsonb,
    colour text,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    unique (store, key)
  )`,
  'create index product_pictures_by_photo on product_pictures (photo_id, store)',
  'create index product_pictures_by_store on product_pictures (store, state, id)',
  'create index product_pictures_by_product on product_pictures (product_id)',
  // A row is what a person said, also when it is nothing (null); without a row the machine’s stands.
  `create table product_words (
    picture_id integer not null references product_pictures (id) on delete cascade,
    field text not null check (field in ('name', 'description', 'attributes', 'colour', 'prompt')),
    value text,
    decided_at timestamptz not null default now(),
    primary key (picture_id, field)
  )`,
  // Before and after of each edit: {"value": text or null}, or null where nobody had said (or says) anything.
  `create table product_word_changes (
    edit_id integer not null references edits (id) on delete cascade,
    picture_id integer not null references product_pictures (id) on delete cascade,
    field text not null,
    before jsonb,
    after jsonb,
    primary key (edit_id, picture_id, field)
  )`,
  'create index product_word_changes_by_picture on product_word_changes (picture_id)',

  // What is about to be put into a store or taken out of it: written before, removed with the row’s change. What a dead process left
  // here is repaired by the rows: a picture that is stored is put, everything else is taken out.
  `create table store_intents (
    id integer generated always as identity primary key,
    owner text,
    store text not null,
    key text not null,
    created_at timestamptz not null default now()
  )`,
  // Whoever deletes a photo, moves it to the trash or restores it need not know of stores: the rows say what must lie there.
  `create function fototeca_product_picture_gone() returns trigger language plpgsql as $$
  begin
    if old.state = 'stored' then insert into store_intents (store, key) values (old.store, old.key); end if;
    return null;
  end $$`,
  'create trigger product_picture_gone after delete on product_pictures for each row execute function fototeca_product_picture_gone()',
  `create function fototeca_product_photo_trashed() returns trigger language plpgsql as $$
  begin
    insert into store_intents (store, key) select store, key from product_pictures where photo_id = new.id and state = 'stored';
    return null;
  end $$`,
  `create trigger product_photo_trashed after update of trashed_at on photos for each row
    when ((old.trashed_at is null) <> (new.trashed_at is null)) execute function fototeca_product_photo_trashed()`,

  // Pictures made from photos, in runs with a budget of their own and a store that gets what they make.
  `create table generations (
    id integer generated always as identity primary key,
    product_type text not null,
    state text not null default 'running' check (state in ('running', 'done', 'cancelled', 'budget')),
    height text, width text,
    shadow text not null default 'natural',
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    store text,
    reason text,
    most_scenes integer,
    most_tokens integer,
    most_cost double precision,
    scenes integer not null default 0,
    tokens integer not null default 0,
    cost double precision not null default 0
  )`,
  // An image is due until it is made; a run that was killed leaves it running, which the next start takes back.
  // stored_at stays when the product picture is deleted later: then it is not copied again.
  `create table generated_images (
    id integer generated always as identity primary key,
    generation_id integer not null references generations (id) on delete cascade,
    source_id integer references photos (id) on delete set null,
    prompt_index integer not null,
    image_type integer not null,
    state text not null default 'due' check (state in ('due', 'running', 'done', 'failed', 'cancelled')),
    reason text,
    attempts integer not null default 0,
    review text not null default 'open' check (review in ('open', 'held', 'approved', 'rejected')),
    photo_id integer references photos (id) on delete set null,
    held_file text,
    prompt text,
    model_id text,
    cutter_id text,
    seed integer not null,
    width integer, height integer,
    fidelity jsonb,
    checks jsonb not null default '[]',
    tokens integer,
    duration_ms real,
    ended_at timestamptz,
    cost double precision,
    stored_at timestamptz,
    store_picture_id integer references product_pictures (id) on delete set null
  )`,
  'create index generated_images_of on generated_images (generation_id)',
  'create index generated_images_source on generated_images (source_id)',
  'create index generated_images_photo on generated_images (photo_id)',
  `create index generated_images_due on generated_images (id) where state = 'due'`,
  'create index generated_images_store_picture on generated_images (store_picture_id)',
  // Every request to an image generator, also the failed ones: the day's budget.
  `create table generation_usage (
    day date primary key,
    scenes integer not null default 0
  )`,
]

/** Categories and tag mappings of the described system, and where COCO’s own labels belong. A tag may be in several. */
export const SEED_CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  electronics: list(
    `iphone, ipad, macbook, laptop, computer, phone, camera, tablet, cell phone, tv, keyboard, mouse,
    computer mouse, remote, microwave, oven, toaster, refrigerator, hair drier`,
  ),
  food: list(
    `pizza, burger, coffee, cake, pasta, sushi, salad, beverage, banana, apple, sandwich, orange, broccoli, carrot,
    hot dog, donut, bottle, wine glass, cup, bowl`,
  ),
  landscape: list('mountain, beach, sunset, forest, ocean, sky, nature, park'),
  documents: list('screenshot, document, receipt, certificate, text, paper, book'),
  people: list('person, face, portrait, group, crowd, selfie, family'),
  animals: list('bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe'),
  vehicles: list('bicycle, car, motorcycle, airplane, bus, train, truck, boat'),
  sports: list(
    `frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, surfboard,
    tennis racket`,
  ),
  household: list(
    `chair, couch, potted plant, bed, dining table, toilet, sink, clock, vase, scissors, teddy bear, toothbrush,
    fork, knife, spoon`,
  ),
  street: list('traffic light, fire hydrant, stop sign, parking meter, bench'),
  accessories: list('backpack, umbrella, handbag, tie, suitcase'),
}

function list(words: string): string[] {
  return words.split(/,\s+/)
}

export async function up(db: Kysely<unknown>): Promise<void> {
  const extensions = ['create extension if not exists vector', 'create extension if not exists pg_trgm']
  const all = [extensions, PHOTOS, FACTS, PEOPLE, TAGS, SEARCH, DESCRIPTIONS, EDITS, GROUPS, PRODUCTS]
  for (const statement of all.flat()) await sql.raw(statement).execute(db)
  for (const [category, tags] of Object.entries(SEED_CATEGORIES)) {
    await sql`insert into categories (name) values (${category})`.execute(db)
    for (const tag of tags)
      await sql`insert into tag_category_mappings (tag, category_id) select ${tag}, id from categories where name = ${category}`.execute(db)
  }
}
