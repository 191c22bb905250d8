/** @file Processes say with each heartbeat how their tasks stand. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table processes add column heard_at timestamptz not null default now(), add column tasks jsonb not null default '[]'`.execute(
    db,
  )
}
