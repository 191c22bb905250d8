/**
 * @file The upgrade: photos that were analysed before and are due again by a raised version, a new step or another model
 * (`photo_steps.is_upgrade`). Old results serve until the new ones are there. A person may pause it; the row says so to every process,
 * and to the next start.
 */

import { sql } from 'kysely'
import type { Upgrade } from '../contract/library.ts'
import type { DbOrTrx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { isKept } from '../db/visible.ts'

const PAUSE_KEY = 'upgrade_paused'
/** Times of a step that tell how long it takes here. */
const SAMPLE = 500

export const readUpgradePause = async (db: DbOrTrx): Promise<boolean> => (await readSetting(db, PAUSE_KEY)) === true

export const saveUpgradePause = (db: DbOrTrx, isPaused: boolean): Promise<void> => saveSetting(db, PAUSE_KEY, isPaused)

export interface UpgradeCount extends Upgrade {
  /** of its photos, those that nothing else is due for: a pause holds them */
  readonly held: number
}

/** @param atOnce photos worked on at the same time */
export async function countUpgrade(db: DbOrTrx, atOnce: number): Promise<UpgradeCount> {
  const isPaused = await readUpgradePause(db)
  const isThere = sql`photo_id in (select id from photos where ${isKept('photos')} and missing_since is null)`
  const { rows } = await sql<{ step: string; steps: string | number; mean_ms: number | null }>`
    select step, count(*) as steps,
      (select avg(d.duration_ms)::float8 from (
        select duration_ms from photo_steps where step = u.step and state = 'done' and duration_ms is not null limit ${sql.lit(SAMPLE)}) d) as mean_ms
    from photo_steps u where is_upgrade and ${isThere} group by step`.execute(db)
  if (rows.length === 0) return { photos: 0, seconds: 0, paused: isPaused, held: 0 }
  const { rows: counts } = await sql<{ photos: string | number; held: string | number }>`
    select count(*) as photos, count(*) filter (where is_alone) as held from (
      select u.photo_id, not exists (
        select 1 from photo_steps o where o.photo_id = u.photo_id and o.lane = 'analyse' and o.state in ('due', 'running') and not o.is_upgrade
      ) as is_alone
      from (select distinct photo_id from photo_steps where is_upgrade and ${isThere}) u) each`.execute(db)
  const ms = rows.reduce((sum, row) => sum + Number(row.steps) * (row.mean_ms ?? 0), 0)
  return {
    photos: Number(counts[0]?.photos ?? 0),
    seconds: rows.some((row) => row.mean_ms !== null) ? Math.round(ms / atOnce / 100) / 10 : null,
    paused: isPaused,
    held: Number(counts[0]?.held ?? 0),
  }
}
