/**
 * @file The ledger `photo_steps`: what is due, running, done, skipped, failed. It is the queue as well:
 * a photo is taken by a lease (`lease-ledger.ts`), so a crash loses nothing and nothing has to be kept in step with it (ADR 0002).
 */

import { sql } from 'kysely'
import type { Message, MessageCode } from '../contract/messages/message.ts'
import type { PhotoState, StepName, StepState } from '../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { isShown } from '../db/visible.ts'
import { type Log, silentLog } from '../domain/log.ts'
import type { Visibility } from '../domain/visibility.ts'
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

/** Where a photo stood and where it stands now. */
export interface StateChange {
  readonly from: PhotoState
  readonly to: PhotoState
}
export type StateChanges = ReadonlyMap<number, StateChange>

/** Each change is one line of the log; call it once the transaction is through. */
export function logStates(log: Log, changes: StateChanges): void {
  for (const [photoId, { from, to }] of changes) if (from !== to) log.info({ photo_id: photoId, from, to }, 'photo state')
}

/** Derives and stores where photos stand; the reason of the first failed step goes with it. @returns of all of them, where they stood */
export async function updatePhotoStates(trx: Trx, photoIds: readonly number[]): Promise<StateChanges> {
  if (photoIds.length === 0) return new Map()
  const rows = await trx
    .selectFrom('photo_steps')
    .innerJoin('photos', 'photos.id', 'photo_steps.photo_id')
    .select(['photo_id', 'step', 'photo_steps.state', 'photo_steps.reason', 'photos.state as was'])
    .where('photo_id', 'in', photoIds)
    .execute()
  const changes = new Map<number, StateChange>()
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
    changes.set(photoId, { from: own[0]?.was ?? state, to: state })
  }
  for (const { state, reason, ids } of alike.values())
    await trx
      .updateTable('photos')
      .set({ state, reason, ...(isEnd(state) ? { processed_at: sql<Date>`now()` } : {}) })
      .where('id', 'in', ids)
      // a step that changes nothing of this must not make pictures look new (`processed_at` is in their addresses)
      .where((e) => e.or([e('state', '<>', state), sql<boolean>`reason is distinct from ${reason}::jsonb`]))
      .execute()
  return changes
}

/** What is only on show while a photo is worked on: nothing is lost with it, so the disk is not waited for. @returns where it stood */
export async function showPhotoState(trx: Trx, photoId: number, state: PhotoState): Promise<PhotoState | undefined> {
  await sql`set local synchronous_commit = off`.execute(trx)
  const was = await trx.selectFrom('photos').select('state').where('id', '=', photoId).forUpdate().executeTakeFirst()
  if (was) await trx.updateTable('photos').set({ state }).where('id', '=', photoId).execute()
  return was?.state
}

const isEnd = (state: PhotoState): boolean => state === 'completed' || state === 'partial' || state === 'failed'

/** Left out because another step had failed; over `photo_steps`. */
export const isBlocked = sql<boolean>`(state = 'skipped' and reason->>'code' = ${'step.blocked' satisfies MessageCode})`

/** Makes a photo’s failed steps, and those skipped because of them, due again with fresh attempts. */
export async function retryPhoto(db: Db, photoId: number, log: Log = silentLog): Promise<StepName[]> {
  let changes: StateChanges = new Map()
  const steps = await db.transaction().execute(async (trx) => {
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
    changes = await updatePhotoStates(trx, [photoId])
    return rows.map((row) => row.step)
  })
  logStates(log, changes)
  return steps
}

/** Photos per state: one index-only scan. */
export async function countPhotoStates(db: DbOrTrx, sees: Visibility): Promise<Map<PhotoState, number>> {
  const rows = await db
    .selectFrom('photos')
    .select(['state', (e) => e.fn.countAll<number>().as('count')])
    .where(isShown(sees, 'photos'))
    .groupBy('state')
    .execute()
  return new Map(rows.map((row) => [row.state, Number(row.count)]))
}
