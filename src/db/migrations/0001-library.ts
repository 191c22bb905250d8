/** @file The first schema: sources, photos, their ledger, what each step found, spaces, categories, search documents. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  'create extension if not exists vector',
  'create extension if not exists pg_trgm',

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
    lease_owner text,
    lease_until timestamptz,
    crashes integer not null default 0
  )`,
  'create index photos_by_time on photos (sort_at desc, id desc)',
  'create index photos_by_day on photos (day desc, sort_at desc, id desc)',
  'create index photos_by_state on photos (state)',

  // Where the bytes of a photo are: one row per file; a photo may have several (same bytes) or none present (missing).
  `create table photo_files (
    id integer generated always as identity primary key,
    photo_id integer not null references photos (id) on delete cascade,
    source_id integer not null references sources (id) on delete cascade,
    path text not null,
    filename text not null,
    bytes bigint not null,
    modified_ms bigint not null,
    missing_since timestamptz,
    unique (source_id, path)
  )`,
  'create index photo_files_by_photo on photo_files (photo_id)',

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

  `create table photo_metadata (
    photo_id integer primary key references photos (id) on delete cascade,
    camera_make text, camera_model text, lens text,
    iso integer, aperture real, exposure_s real, focal_mm real,
    latitude double precision, longitude double precision, altitude_m real, country text,
    rating integer, title text, description text,
    keywords text[] not null default '{}',
    orientation integer, colour_profile text, software text,
    face_regions jsonb not null default '[]',
    raw jsonb not null default '{}'
  )`,
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

  `create table categories (
    id integer generated always as identity primary key,
    name text not null unique,
    description text not null default '',
    created_at timestamptz not null default now()
  )`,
  `create table tag_category_mappings (
    tag text not null,
    category_id integer not null references categories (id) on delete cascade,
    primary key (tag, category_id)
  )`,
  `create table detected_objects (
    id integer generated always as identity primary key,
    photo_id integer not null references photos (id) on delete cascade,
    label text not null, confidence real not null,
    x real not null, y real not null, width real not null, height real not null,
    model_id text not null
  )`,
  'create index detected_objects_by_photo on detected_objects (photo_id)',
  // A tag with who said it: a model id, or \`file\` for keywords of the file itself.
  `create table photo_tags (
    photo_id integer not null references photos (id) on delete cascade,
    tag text not null,
    said_by text not null,
    confidence real not null,
    primary key (photo_id, tag, said_by)
  )`,
  'create index photo_tags_by_tag on photo_tags (tag, photo_id)',

  `create table ocr_texts (
    photo_id integer primary key references photos (id) on delete cascade,
    text text not null, language text, rotation integer,
    lines jsonb not null, model_id text not null
  )`,

  `create table people (
    id integer generated always as identity primary key,
    name text not null unique,
    created_at timestamptz not null default now()
  )`,
  `create table faces (
    id integer generated always as identity primary key,
    photo_id integer not null references photos (id) on delete cascade,
    x real not null, y real not null, width real not null, height real not null,
    landmarks jsonb not null, confidence real not null, quality real not null,
    vector vector not null, model_id text not null,
    person_id integer references people (id) on delete set null,
    named_by text
  )`,
  'create index faces_by_photo on faces (photo_id)',
  'create index faces_by_person on faces (person_id)',

  // Vectors of different spaces never meet; each space has its own (partial, expression) index, made when it pays.
  `create table spaces (
    id integer generated always as identity primary key,
    name text not null unique,
    model_id text not null,
    width integer not null,
    has_text boolean not null,
    indexed_at timestamptz,
    created_at timestamptz not null default now()
  )`,
  `create table embeddings (
    space_id integer not null references spaces (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    embedding vector not null,
    primary key (space_id, photo_id)
  )`,
  'create index embeddings_by_photo on embeddings (photo_id)',

  `create table duplicates (
    photo_id_1 integer not null references photos (id) on delete cascade,
    photo_id_2 integer not null references photos (id) on delete cascade,
    kind text not null,
    hamming_distance integer not null,
    transform text not null default 'none',
    primary key (photo_id_1, photo_id_2),
    check (photo_id_1 < photo_id_2)
  )`,
  'create index duplicates_by_second on duplicates (photo_id_2)',

  // One document per photo for keyword search; rebuilt from the facts, never edited.
  `create table search_documents (
    photo_id integer primary key references photos (id) on delete cascade,
    tsv tsvector not null
  )`,
  'create index search_documents_tsv on search_documents using gin (tsv)',
  // Every word of any document, for typos and parts of words. Words no photo holds any more stay; they find nothing.
  'create table search_words (word text collate "C" primary key)',
  'create index search_words_trigrams on search_words using gin (word gin_trgm_ops)',

  // Small facts of the library itself (active model, installed models’ checksums).
  `create table settings (key text primary key, value jsonb not null)`,
]

/** Categories and tag mappings of the described system, and where COCO’s own labels belong. A tag may be in several. */
export const SEED_CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  electronics: [
    'iphone',
    'ipad',
    'macbook',
    'laptop',
    'computer',
    'phone',
    'camera',
    'tablet',
    'cell phone',
    'tv',
    'keyboard',
    'mouse',
    'remote',
    'microwave',
    'oven',
    'toaster',
    'refrigerator',
    'hair drier',
  ],
  food: [
    'pizza',
    'burger',
    'coffee',
    'cake',
    'pasta',
    'sushi',
    'salad',
    'beverage',
    'banana',
    'apple',
    'sandwich',
    'orange',
    'broccoli',
    'carrot',
    'hot dog',
    'donut',
    'bottle',
    'wine glass',
    'cup',
    'bowl',
  ],
  landscape: ['mountain', 'beach', 'sunset', 'forest', 'ocean', 'sky', 'nature', 'park'],
  documents: ['screenshot', 'document', 'receipt', 'certificate', 'text', 'paper', 'book'],
  people: ['person', 'face', 'portrait', 'group', 'crowd', 'selfie', 'family'],
  animals: ['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'],
  vehicles: ['bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat'],
  sports: [
    'frisbee',
    'skis',
    'snowboard',
    'sports ball',
    'kite',
    'baseball bat',
    'baseball glove',
    'skateboard',
    'surfboard',
    'tennis racket',
  ],
  household: [
    'chair',
    'couch',
    'potted plant',
    'bed',
    'dining table',
    'toilet',
    'sink',
    'clock',
    'vase',
    'scissors',
    'teddy bear',
    'toothbrush',
    'fork',
    'knife',
    'spoon',
  ],
  street: ['traffic light', 'fire hydrant', 'stop sign', 'parking meter', 'bench'],
  accessories: ['backpack', 'umbrella', 'handbag', 'tie', 'suitcase'],
}

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  for (const [category, tags] of Object.entries(SEED_CATEGORIES)) {
    await sql`insert into categories (name) values (${category})`.execute(db)
    for (const tag of tags)
      await sql`insert into tag_category_mappings (tag, category_id) select ${tag}, id from categories where name = ${category}`.execute(db)
  }
}
