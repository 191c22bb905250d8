/** @file A run over chosen photos: what it would take, and making its photos due. */
import type { z } from 'zod'
import type { DescribeEstimate, DescribeRunRequest } from '../contract/describe.ts'
import type { Purpose } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { Limits } from './choice.ts'
import type { ActiveDescriber } from './describe-worker.ts'
import { oweDescriptions, selectPhotos } from './store-owed.ts'
import { addToRun, insertRun, type NewRun } from './store-runs.ts'
import { readMeans } from './store-usage.ts'

/** Photos made due per transaction, so that searches get their turn between. */
const LEDGER_BATCH = 1000

export interface PlannedRun {
  readonly photoIds: readonly number[]
  readonly estimate: Omit<DescribeEstimate, 'run'>
}

/** Which photos, and what they take by the means of what this describer did before. */
export async function planRun(
  db: Db,
  sees: Visibility,
  purpose: Purpose,
  request: z.infer<typeof DescribeRunRequest>,
  { gate, modelId }: ActiveDescriber,
  { concurrency, per_minute }: Limits,
): Promise<PlannedRun> {
  const photoIds = await selectPhotos(db, sees, { ...request, purpose }, modelId, request.limit)
  const means = await readMeans(db, gate.describer.info.id, purpose)
  const times = (mean: number | null) => (mean === null ? null : mean * photoIds.length)
  const seconds =
    means.ms === null
      ? null
      : Math.max((means.ms * photoIds.length) / 1000 / concurrency, per_minute ? (60 * photoIds.length) / per_minute : 0)
  return {
    photoIds,
    estimate: {
      photos: photoIds.length,
      seconds,
      tokens: times(means.tokens),
      cost: times(means.cost),
      currency: means.currency,
      cost_estimated: means.cost_estimated,
    },
  }
}

/** Nothing of it may begin before all of it is there: the caller holds the lane. */
export async function startRun(db: Db, run: NewRun, photoIds: readonly number[]): Promise<void> {
  const runId = await db.transaction().execute((trx) => insertRun(trx, run))
  for (let at = 0; at < photoIds.length; at += LEDGER_BATCH)
    await db.transaction().execute(async (trx) => {
      const some = photoIds.slice(at, at + LEDGER_BATCH)
      await oweDescriptions(trx, some, run.purpose)
      await addToRun(trx, runId, some)
    })
}
