/** @file Calls to models outside, reserved before they are sent, and what is known of each model: so several processes keep one budget, rate, and breaker. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table paid_models (
    model text primary key,
    -- failures in a row, and until when nobody calls
    breaker jsonb not null default '{}',
    -- of one call, lately; null where none was answered, or answers do not tell
    tokens double precision,
    cost double precision,
    answered boolean not null default false,
    -- when the next call may begin, where there is a rate
    next_start timestamptz,
    -- how often a person wanted it tried at once
    resets integer not null default 0
  )`,
  // A row goes once the result of its call is saved, or its failure is known: what stands here is under way, or was lost with its process.
  `create table paid_calls (
    -- sent with the call, so that a server that keeps such keys answers it once
    id text primary key,
    kind text not null check (kind in ('describe', 'generate')),
    -- what is asked for; it is not asked for again while a paid call for it stands here
    subject text not null,
    model text not null references paid_models (model),
    process text not null,
    is_paid boolean not null,
    state text not null default 'sent' check (state in ('sent', 'answered', 'unknown')),
    -- what it is likely to take; charged where that is never told
    tokens double precision,
    cost double precision,
    sent_at timestamptz not null
  )`,
  'create index paid_calls_subject on paid_calls (subject)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
