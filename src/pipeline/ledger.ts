/**
 * @file The ledger `photo_steps`: what is due, running, done, skipped, failed. It is the queue as well:
 * a photo is taken by a lease on its row, so a crash loses nothing and nothing has to be kept in step with it (ADR 0002).
 */
import { type SqlBool, sql } from 'kysely'
import type { Lane, PhotoFormat, PhotoState, StepName, StepState } from '../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { derivePhotoState } from './photo-state.ts'
import type { Step } from './step.ts'

/** A lease is renewed long before it ends; another worker takes the photo over only after its holder has been gone this long. */
export const LEASE_MS = 120_000
/** A step that failed for a passing reason is tried this often in all. */
export const MAX_ATTEMPTS = 3

/** What a step is expected to have been done by, now. */
export interface ExpectedStep {
  readonly step: Pick<Step, 'name' | 'version' | 'lane'>
  /** null: a step without a model, or one whose model is not there */
  readonly modelId: string | null
}

export interface LedgerRow {
  readonly step: StepName
  readonly state: StepState
  readonly attempts: number
}

export interface ClaimedPhoto {
  readonly id: number
  readonly sha256: string
  readonly bytes: number
  readonly format: PhotoFormat
  readonly filename: string
  readonly crashes: number
  readonly rows: readonly LedgerRow[]
}

/** A new photo owes every step. Call it in the transaction that inserts the photo. */
export async function insertDueSteps(trx: Trx, photoId: number, steps: readonly Pick<Step, 'name' | 'version' | 'lane'>[]): Promise<void> {
  await trx
    .insertInto('photo_steps')
    .values(steps.map((step) => ({ photo_id: photoId, step: step.name, version: step.version, lane: step.lane })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/**
 * Takes up to `limit` photos that have something due in the lane and nobody’s lease, oldest first, those that never crashed before the others.
 * Their due steps are `running`, one attempt more, before any work starts.
 */
export async function claimPhotos(db: Db, lane: Lane, owner: string, limit: number): Promise<ClaimedPhoto[]> {
  return await db.transaction().execute(async (trx) => {
    const taken = await sql<{ id: number; sha256: string; bytes: number; format: PhotoFormat; filename: string; crashes: number }>`
      update photos set lease_owner = ${owner}, lease_until = now() + ${LEASE_MS} * interval '1 millisecond'
      where id in (
        select p.id from photos p
        where exists (select 1 from photo_steps s where s.photo_id = p.id and s.lane = ${lane} and s.state in ('due', 'running'))
          and (p.lease_until is null or p.lease_until < now())
          and p.missing_since is null and p.format is not null
          and p.state not in ('completed', 'partial', 'failed')
        order by p.crashes, p.id
        limit ${limit}
        for update skip locked
      )
      returning id, sha256, bytes, format, filename, crashes`.execute(trx)
    if (taken.rows.length === 0) return []
    const ids = taken.rows.map((row) => row.id)
    await sql`
      update photo_steps set state = 'running', attempts = attempts + 1, started_at = now()
      where photo_id in (${sql.join(ids)}) and lane = ${lane} and state in ('due', 'running')`.execute(trx)
    const rows = await trx
      .selectFrom('photo_steps')
      .select(['photo_id', 'step', 'state', 'attempts'])
      .where('photo_id', 'in', ids)
      .execute()
    return taken.rows
      .map((photo) => ({ ...photo, rows: rows.filter((row) => row.photo_id === photo.id) }))
      .sort((a, b) => a.crashes - b.crashes || a.id - b.id)
  })
}

export interface StepEnd {
  readonly step: StepName
  readonly version: number
  readonly modelId: string | null
  /** `due` puts it back, e.g. after a passing failure */
  readonly state: Exclude<StepState, 'running'>
  readonly reason: string | null
  readonly durationMs: number
}

/** Writes how a step ended. Call it in the transaction that saves the step’s result. */
export async function finishStep(trx: Trx, photoId: number, end: StepEnd): Promise<void> {
  await trx
    .updateTable('photo_steps')
    .set({
      state: end.state,
      version: end.version,
      model_id: end.modelId,
      reason: end.reason,
      duration_ms: end.durationMs,
      finished_at: sql`now()`,
    })
    .where('photo_id', '=', photoId)
    .where('step', '=', end.step)
    .execute()
}

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
    const reason = isEnd(state) ? ((failed.find((row) => row.step === 'prepare') ?? failed[0])?.reason ?? null) : null
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
      .execute()
  return states
}

const isEnd = (state: PhotoState): boolean => state === 'completed' || state === 'partial' || state === 'failed'

/** Puts what was running back to due and gives the photo free. `hasCrashed` counts against the photo (it goes to the end of the queue). */
export async function releasePhoto(trx: Trx, photoId: number, options: { hasCrashed: boolean; isAttempt: boolean }): Promise<void> {
  await trx
    .updateTable('photo_steps')
    .set({ state: 'due', ...(options.isAttempt ? {} : { attempts: sql<number>`greatest(attempts - 1, 0)` }) })
    .where('photo_id', '=', photoId)
    .where('state', '=', 'running')
    .execute()
  await trx
    .updateTable('photos')
    .set({ lease_owner: null, lease_until: null, ...(options.hasCrashed ? { crashes: sql<number>`crashes + 1` } : {}) })
    .where('id', '=', photoId)
    .execute()
}

/** Leaves a photo alone for the length of a lease: its file is not there just now. */
export async function postponePhoto(trx: Trx, photoId: number): Promise<void> {
  await releasePhoto(trx, photoId, { hasCrashed: false, isAttempt: false })
  await trx
    .updateTable('photos')
    .set({ lease_until: sql<Date>`now() + ${LEASE_MS} * interval '1 millisecond'` })
    .where('id', '=', photoId)
    .execute()
}

/** Keeps leases alive while their photos are worked on. */
export async function renewLeases(db: Db, owner: string, photoIds: readonly number[]): Promise<void> {
  if (photoIds.length === 0) return
  await db
    .updateTable('photos')
    .set({ lease_until: sql<Date>`now() + ${LEASE_MS} * interval '1 millisecond'` })
    .where('id', 'in', photoIds)
    .where('lease_owner', '=', owner)
    .execute()
}

/** After a start: what this owner held when it died is free again. The interruption is not the photo’s fault and costs no attempt. */
export async function recoverLeases(db: Db, owner: string): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    const held = await trx.selectFrom('photos').select('id').where('lease_owner', '=', owner).execute()
    for (const { id } of held) await releasePhoto(trx, id, { hasCrashed: false, isAttempt: false })
    return held.length
  })
}

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
      .where((e) => e.or([e('state', '=', 'failed'), e.and([e('state', '=', 'skipped'), e('reason', 'like', 'needs %')])]))
      .returning('step')
      .execute()
    await trx.updateTable('photos').set({ crashes: 0 }).where('id', '=', photoId).execute()
    await updatePhotoStates(trx, [photoId])
    return rows.map((row) => row.step)
  })
}

const SIGNATURE_KEY = 'ledger_signature'
/** Photos brought up to date per transaction, so that searches get their turn between. */
const RECONCILE_BATCH = 1000

/**
 * Brings the ledger in line with what the program expects now: missing rows appear, and rows done by another version or model become due.
 * So a new model or a raised version *is* the re-index. A no-op when nothing changed since the last time.
 * @returns photos that became due
 */
export async function reconcileLedger(db: Db, expected: readonly ExpectedStep[], signal?: AbortSignal): Promise<number> {
  const signature = JSON.stringify(expected.map(({ step, modelId }) => [step.name, step.version, modelId]))
  const known = await db.selectFrom('settings').select('value').where('key', '=', SIGNATURE_KEY).executeTakeFirst()
  if (known?.value === signature) return 0
  const { last } = await db
    .selectFrom('photos')
    .select((e) => e.fn.coalesce(e.fn.max('id'), sql<number>`0`).as('last'))
    .executeTakeFirstOrThrow()
  let changed = 0
  for (let from = 0; from < last; from += RECONCILE_BATCH) {
    signal?.throwIfAborted()
    changed += await db.transaction().execute((trx) => reconcileRange(trx, expected, from, from + RECONCILE_BATCH))
  }
  await db
    .insertInto('settings')
    .values({ key: SIGNATURE_KEY, value: JSON.stringify(signature) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: JSON.stringify(signature) }))
    .execute()
  return changed
}

async function reconcileRange(trx: Trx, expected: readonly ExpectedStep[], from: number, to: number): Promise<number> {
  const touched = new Set<number>()
  for (const { step, modelId } of expected) {
    const added = await sql<{ photo_id: number }>`
      insert into photo_steps (photo_id, step, version, lane)
      select id, ${step.name}, ${step.version}, ${step.lane} from photos where id > ${from} and id <= ${to} and format is not null
      on conflict do nothing returning photo_id`.execute(trx)
    const isOther: ReturnType<typeof sql<SqlBool>> =
      modelId === null ? sql`version <> ${step.version}` : sql`(version <> ${step.version} or model_id is distinct from ${modelId})`
    const redone = await sql<{ photo_id: number }>`
      update photo_steps set state = 'due', attempts = 0, reason = null, version = ${step.version}
      where photo_id > ${from} and photo_id <= ${to} and step = ${step.name} and state in ('done', 'skipped', 'failed')
        and ${isOther} and not (state = 'skipped' and reason like 'needs %') returning photo_id`.execute(trx)
    for (const row of [...added.rows, ...redone.rows]) touched.add(row.photo_id)
  }
  if (touched.size > 0) await updatePhotoStates(trx, [...touched])
  return touched.size
}

/** Photos per state: one index-only scan. */
export async function countPhotoStates(db: DbOrTrx): Promise<Map<PhotoState, number>> {
  const rows = await db
    .selectFrom('photos')
    .select(['state', (e) => e.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  return new Map(rows.map((row) => [row.state, Number(row.count)]))
}

export async function photoExists(db: DbOrTrx, photoId: number): Promise<boolean> {
  return (await db.selectFrom('photos').select('id').where('id', '=', photoId).executeTakeFirst()) !== undefined
}
