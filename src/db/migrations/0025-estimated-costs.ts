/** @file Which costs were estimated from tokens and a price, because the server told none. What was stored before was told. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  'alter table descriptions add column cost_estimated boolean not null default false',
  'alter table comparison_answers add column cost_estimated boolean not null default false',
  'alter table describe_run_photos add column cost_estimated boolean not null default false',
  'alter table describe_usage add column estimated_cost double precision not null default 0',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
