/** @file Steps of photos that were analysed before and are due again by a raised version, a new step or another model are marked: they can be paused. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  'alter table photo_steps add column is_upgrade boolean not null default false',
  // what an upgrade of before left over
  `update photo_steps s set is_upgrade = true from photos p
    where s.lane = 'analyse' and s.state in ('due', 'running') and p.id = s.photo_id and p.processed_at is not null`,
  // how many are left is counted by one, what else is due beside a paused upgrade found by the other
  `create index photo_steps_upgrade on photo_steps (step, photo_id) where is_upgrade`,
  `create index photo_steps_due_otherwise on photo_steps (lane, photo_id) where state in ('due', 'running') and not is_upgrade`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
