/** @file Brings the ledger in line with what the program expects now: a new step, a raised version or another model is the re-index. */
import { type SqlBool, sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { type Log, silentLog } from '../domain/log.ts'
import { isBlocked, type LedgerStep, logStates, type StateChanges, updatePhotoStates } from './ledger.ts'

/** What a step is expected to have been done by, now. */
export interface ExpectedStep {
  readonly step: LedgerStep
  /** null: a step without a model, or one whose model is not there */
  readonly modelId: string | null
}

const SIGNATURE_KEY = 'ledger_signature'
/** Photos brought up to date per transaction, so that searches get their turn between. */
const RECONCILE_BATCH = 1000

/**
 * Missing rows appear, and rows done by another version or model become due. Steps that are not named are left alone.
 * A no-op when nothing changed since the last time.
 * @returns photos that became due
 */
export async function reconcileLedger(
  db: Db,
  expected: readonly ExpectedStep[],
  signal?: AbortSignal,
  log: Log = silentLog,
): Promise<number> {
  const signature = JSON.stringify(expected.map(({ step, modelId }) => [step.name, step.version, modelId]))
  if ((await readSetting(db, SIGNATURE_KEY)) === signature) return 0
  const { last } = await db
    .selectFrom('photos')
    .select((e) => e.fn.coalesce(e.fn.max('id'), sql<number>`0`).as('last'))
    .executeTakeFirstOrThrow()
  let changed = 0
  for (let from = 0; from < last; from += RECONCILE_BATCH) {
    signal?.throwIfAborted()
    const changes = await db.transaction().execute((trx) => reconcileRange(trx, expected, from, from + RECONCILE_BATCH))
    logStates(log, changes)
    changed += changes.size
  }
  await saveSetting(db, SIGNATURE_KEY, signature)
  return changed
}

async function reconcileRange(trx: Trx, expected: readonly ExpectedStep[], from: number, to: number): Promise<StateChanges> {
  const touched = new Set<number>()
  for (const { step, modelId } of expected) {
    const added = await sql<{ photo_id: number }>`
      insert into photo_steps (photo_id, step, version, lane, is_upgrade)
      select id, ${step.name}, ${step.version}, ${step.lane}, processed_at is not null and ${step.lane} = 'analyse' from photos where id > ${from} and id <= ${to} and format is not null and removed_at is null
      on conflict do nothing returning photo_id`.execute(trx)
    const isOther: ReturnType<typeof sql<SqlBool>> =
      modelId === null ? sql`version <> ${step.version}` : sql`(version <> ${step.version} or model_id is distinct from ${modelId})`
    const redone = await sql<{ photo_id: number }>`
      update photo_steps set state = 'due', attempts = 0, reason = null, version = ${step.version},
        is_upgrade = lane = 'analyse' and exists (select 1 from photos p where p.id = photo_id and p.processed_at is not null)
      where photo_id > ${from} and photo_id <= ${to} and step = ${step.name} and state in ('done', 'skipped', 'failed')
        and ${isOther} and not coalesce(${isBlocked}, false) returning photo_id`.execute(trx)
    for (const row of [...added.rows, ...redone.rows]) touched.add(row.photo_id)
  }
  return await updatePhotoStates(trx, [...touched])
}
