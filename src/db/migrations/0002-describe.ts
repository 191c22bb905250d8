/** @file Leases per lane, and what describing leaves behind: descriptions, what they cost, runs, comparisons. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // Who works on a photo, per lane; without owner: the lane leaves the photo alone until then.
  `create table photo_leases (
    photo_id integer not null references photos (id) on delete cascade,
    lane text not null,
    owner text,
    until timestamptz not null,
    primary key (photo_id, lane)
  )`,
  'create index photo_leases_by_owner on photo_leases (owner)',
  'alter table photos drop column lease_owner, drop column lease_until',

  // What the describer that was asked last says of a photo; what a person says instead is a decision.
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
    primary key (comparison_id, photo_id, side)
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
