/** @file Labels of clusters by one prompt: which models gave them, and whether the answer was whole. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table clusters add column models text[] not null default '{}', add column fallback_used boolean not null default false`.execute(
    db,
  )
}
