/** @file Clusters: topics found among the photos, which photo is in which, and what persons said of them. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
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

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
