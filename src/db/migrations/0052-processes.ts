/** @file Which processes work on this library. Who works on a photo is one of them; a lease ends with its process, not by a time of its own. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table processes (
    id text primary key,
    host text not null,
    pid integer not null,
    -- machine and data folder: only one process at a time has it
    place text not null,
    version text not null,
    started_at timestamptz not null default now(),
    -- moved on while it lives; what it holds is free once this is over
    until timestamptz not null
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
