/** @file Product pictures made from photos: runs and their images. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table generations (
    id integer generated always as identity primary key,
    product_type text not null,
    state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
    height text, width text,
    shadow text not null default 'natural',
    created_at timestamptz not null default now(),
    ended_at timestamptz
  )`,
  // An image is due until it is made; a run that was killed leaves it running, which the next start takes back.
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
    ended_at timestamptz
  )`,
  'create index generated_images_of on generated_images (generation_id)',
  'create index generated_images_source on generated_images (source_id)',
  'create index generated_images_photo on generated_images (photo_id)',
  `create index generated_images_due on generated_images (id) where state = 'due'`,
  // every request to a maker, also the failed ones: the day's budget
  `create table generation_usage (
    day date primary key,
    scenes integer not null default 0
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
