/**
 * @file The ledger `photo_steps`: what is due, running, done, skipped, failed. It is the queue as well:
 * a photo is taken by a lease (`lease-ledger.ts`), so a crash loses nothing and nothing has to be kept in step with it (ADR 0002).
 */
import { sql } from 'kysely'
import type { Message, MessageCode } from '../contract/messages/message.ts'
import type { PhotoState, StepName, StepState } from '../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { derivePhotoState } from './photo-state.ts'
import type { Step } from './step.ts'

/** A step that failed for a passing reason is tried this often in all. */
export const MAX_ATTEMPTS = 3

/** What the ledger needs to know of a step. */
export type LedgerStep = Pick<Step, 'name' | 'version' | 'lane'>

/** A new photo owes these steps. Call it in the transaction that inserts the photo. */
export async function insertDueSteps(trx: Trx, photoId: number, steps: readonly LedgerStep[]): Promise<void> {
  await trx
    .insertInto('photo_steps')
    .values(steps.map((step) => ({ photo_id: photoId, step: step.name, version: step.version, lane: step.lane })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export interface StepEnd {
  readonly step: StepName
  readonly version: number
  readonly modelId: string | null
  /** `due` puts it back, e.g. after a passing failure */
  readonly state: Exclude<StepState, 'running'>
  readonly reason: Message | null
  readonly durationMs: number
}

/** Writes how steps of a photo ended. Call it in the transaction that saves their results. */
export async function finishSteps(trx: Trx, photoId: number, ends: readonly StepEnd[]): Promise<void> {
  if (ends.length === 0) return
  await sql`
    update photo_steps s set state = e.state, version = e.version, model_id = e."modelId", reason = e.reason,
      duration_ms = e."durationMs", finished_at = now(), is_upgrade = s.is_upgrade and e.state = 'due'
    from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb)
      as e (step text, state text, version integer, "modelId" text, reason jsonb, "durationMs" real)
    where s.photo_id = ${photoId} and s.step = e.step`.execute(trx)
}

export const finishStep = (trx: Trx, photoId: number, end: StepEnd): Promise<void> => finishSteps(trx, photoId, [end])

/** Derives and stores where photos stand; the reason of the first failed step goes with it. */
export async function updatePhotoStates(trx: Trx, photoIds: readonly number[]): Promise<Map<number, PhotoState>> {
  const rows = await trx
    .selectFrom('photo_steps')
    .select(['photo_id', 'step', 'state', 'reason'])
    .where('photo_id', 'in', photoIds)
    .execute()
  const states = new Map<number, PhotoState>()
  const alike = new Map<string, { state: PhotoState; reason: string | null; ids: number[] }>()
  for (const [photoId, own] of Map.groupBy(rows, (row) => row.photo_id)) {
    const state = derivePhotoState(new Map(own.map((row) => [row.step, row.state])))
    const failed = own.filter((row) => row.state === 'failed')
    const first = isEnd(state) ? (failed.find((row) => row.step === 'prepare') ?? failed[0]) : undefined
    const reason = first?.reason ? JSON.stringify(first.reason) : null
    const key = `${state} ${reason}`
    const group = alike.get(key) ?? { state, reason, ids: [] }
    group.ids.push(photoId)
    alike.set(key, group)
    states.set(photoId, state)
  }
  for (const { state, reason, ids } of alike.values())
    await trx
      .updateTable('photos')
      .set({ state, reason, ...(isEnd(state) ? { processed_at: sql<Date>`now()` } : {}) })
      .where('id', 'in', ids)
      // a step that changes nothing of this must not make pictures look new (`processed_at` is in their addresses)
      .where((e) => e.or([e('state', '<>', state), sql<boolean>`reason is distinct from ${reason}::jsonb`]))
      .execute()
  return states
}

const isEnd = (state: PhotoState): boolean => state === 'completed' || state === 'partial' || state === 'failed'

/** Left out because another step had failed; over `photo_steps`. */
export const isBlocked = sql<boolean>`(state = 'skipped' and reason->>'code' = ${'step.blocked' satisfies MessageCode})`

/** Makes a photo’s failed steps, and those skipped because of them, due again with fresh attempts. */
export async function retryPhoto(db: Db, photoId: number): Promise<StepName[]> {
  return await db.transaction().execute(async (trx) => {
    const failed = await trx
      .selectFrom('photo_steps')
      .select('step')
      .where('photo_id', '=', photoId)
      .where('state', '=', 'failed')
      .execute()
    if (failed.length === 0) return []
    const rows = await trx
      .updateTable('photo_steps')
      .set({ state: 'due', attempts: 0, reason: null })
      .where('photo_id', '=', photoId)
      .where((e) => e.or([e('state', '=', 'failed'), isBlocked]))
      .returning('step')
      .execute()
    await trx.updateTable('photos').set({ crashes: 0 }).where('id', '=', photoId).execute()
    await trx.deleteFrom('photo_leases').where('photo_id', '=', photoId).where('owner', 'is', null).execute()
    await updatePhotoStates(trx, [photoId])
    return rows.map((row) => row.step)
  })
}

/** Photos per state: one index-only scan. */
export async function countPhotoStates(db: DbOrTrx): Promise<Map<PhotoState, number>> {
  const rows = await db
    .selectFrom('photos')
    .select(['state', (e) => e.fn.countAll<number>().as('count')])
    .where('trashed_at', 'is', null)
    .groupBy('state')
    .execute()
  return new Map(rows.map((row) => [row.state, Number(row.count)]))
}

export async function photoExists(db: DbOrTrx, photoId: number): Promise<boolean> {
  return (await db.selectFrom('photos').select('id').where('id', '=', photoId).executeTakeFirst()) !== undefined
}
