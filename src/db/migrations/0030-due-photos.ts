/** @file Photos that may be due, in the order they are taken: looking for the next one does not read all that wait. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // word for word as the lane asks (`pipeline/lease-ledger.ts`)
  `create index photos_due on photos (crashes, id)
    where state not in ('completed', 'partial', 'failed') and trashed_at is null and missing_since is null and format is not null`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
