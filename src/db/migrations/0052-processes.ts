/** @file Which processes work on this library. Who works on a photo is one of them; a lease ends with its process, not by a time of its own. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table processes (
    id text primary key,
    host text not null,
    pid integer not null,
    -- machine and data folder
    place text not null,
    version text not null,
    started_at timestamptz not null default now(),
    -- moved on while it lives; what it holds is free once this is over
    until timestamptz not null
  )`,
  // what only one process of the library may do
  `create table task_leases (
    name text primary key,
    -- a process; free once that is not alive
    owner text not null,
    -- raised when the work goes to another process, which is refused what it writes under an older one
    token bigint not null default 1,
    -- raised by other processes when there may be something to do
    asked bigint not null default 0
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
