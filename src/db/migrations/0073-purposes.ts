/** @file Describers by purpose: what each said, ran, and spent is kept apart; so far all of it was for the facts. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // What the describer of a purpose other than the facts said of a photo, with its source.
  `create table purpose_texts (
    photo_id integer not null references photos (id) on delete cascade,
    purpose text not null,
    text text not null,
    said_by text not null,
    models text[] not null,
    prompt_version text not null,
    fallback_used boolean not null default false,
    fallback_reason text,
    input_tokens integer, output_tokens integer,
    cost double precision, currency text,
    cost_estimated boolean not null default false,
    duration_ms real,
    created_at timestamptz not null default now(),
    primary key (photo_id, purpose)
  )`,
  'create index purpose_texts_by_sayer on purpose_texts (said_by)',
  `alter table describe_usage add purpose text not null default 'facts'`,
  `alter table describe_runs add purpose text not null default 'facts'`,
  'alter table paid_calls drop constraint paid_calls_kind_check',
  `alter table paid_calls add constraint paid_calls_kind_check check (kind in ('describe', 'inspire', 'generate'))`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
