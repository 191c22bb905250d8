/** @file Photos stand in time by the wall clock where they were taken, whatever the zone of this computer (ADR 0012). */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update photos set sort_at = taken_local at time zone 'UTC' where taken_local is not null`.execute(db)
}
