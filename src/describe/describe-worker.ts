/** @file The work of the queue of a purpose on one photo: its preview as a small JPEG, one call through the gate, the result with its ledger row. */
import { setTimeout as sleep } from 'node:timers/promises'
import { concludeCalls } from '../background/store-paid-calls.ts'
import { message } from '../contract/messages/message.ts'
import { PURPOSES, type Purpose } from '../contract/words.ts'
import type { Trx } from '../db/client.ts'
import { FototecaError, messageOf } from '../domain/errors.ts'
import { NO_OUTAGES } from '../domain/outage.ts'
import { encodeJpeg } from '../media/encode-jpeg.ts'
import type { DescribeResult } from '../models/ports/describer.ts'
import type { StepOutcome } from '../pipeline/analyser/protocol.ts'
import type { Hold, LaneWorker, WorkEnd } from '../pipeline/lane.ts'
import { type ClaimedPhoto, releasePhoto } from '../pipeline/lease-ledger.ts'
import { MAX_ATTEMPTS } from '../pipeline/ledger.ts'
import { type SaveDeps, saveOutcomes } from '../pipeline/save-outcomes.ts'
import type { SaidDescription } from '../pipeline/steps/description/store.ts'
import type { CallGate } from './call-gate.ts'
import { subjectOf } from './lost-calls.ts'

/** A photo whose call failed for a passing reason lets the others go first, longer than the circuit stays open at first. */
const POSTPONE_MS = 90_000
/** One with no place free has one soon. */
const BUSY_MS = 1_000
/** The program ends within nine seconds in all. */
const CLOSE_MS = 4_000

export interface ActiveDescriber {
  readonly gate: CallGate
  /** what the ledger calls it: describer and prompt */
  readonly modelId: string
  /** long side in pixels of what is sent */
  readonly maxSide: number
}

export interface DescribeWorkerDeps extends Omit<SaveDeps, 'onSaved' | 'holder'> {
  readonly purpose: Purpose
  /** that are switched on and could be opened */
  readonly describers: () => readonly ActiveDescriber[]
  /** who describes the photo; null: it has to wait */
  readonly describerOf: (photoId: number) => ActiveDescriber | null
  /** why nothing may be begun, apart from what the gate says: off, paused by a person, cannot be opened */
  readonly hold: () => Hold | null
  readonly readPreview: (sha256: string) => Promise<Uint8Array>
  /** in the transaction that ends it: runs, their budgets */
  readonly onEnded: (trx: Trx, photoId: number, end: 'done' | 'failed', result: DescribeResult | null) => Promise<void>
  readonly postponeMs?: number | undefined
}

export interface DescribeWorker extends LaneWorker {
  /** Ends the open calls; their photos are due again. */
  interrupt(): Promise<void>
}

export function createDescribeWorker(deps: DescribeWorkerDeps): DescribeWorker {
  let stop = new AbortController()
  const open = new Set<Promise<WorkEnd>>()
  let isClosing = false
  const interrupt = async () => {
    stop.abort(new FototecaError('unavailable', 'stopped'))
    await Promise.allSettled(open)
    stop = new AbortController()
  }
  return {
    canDie: false,
    room: () => {
      const now = Date.now()
      return deps.describers().reduce((sum, { gate }) => sum + (gate.hold(now) === null ? gate.room() : 0), 0)
    },
    // of two, one that may go on is enough
    hold: (nowMs) => {
      const holds = deps.describers().map(({ gate }) => gate.hold(nowMs))
      return deps.hold() ?? (holds.includes(null) ? null : (holds[0] ?? null))
    },
    work: (photo) => {
      const work = describePhoto(deps, photo, stop.signal, () => isClosing)
      open.add(work)
      void work.finally(() => open.delete(work)).catch(() => {})
      return work
    },
    interrupt,
    async [Symbol.asyncDispose]() {
      isClosing = true
      // a call that may be billed and is broken off counts as spent, and its photo waits for a person
      if (deps.describers().some(({ gate }) => gate.describer.isPaid))
        await Promise.race([Promise.allSettled(open), sleep(CLOSE_MS, undefined, { ref: false })])
      await interrupt()
    },
  }
}

async function describePhoto(
  deps: DescribeWorkerDeps,
  photo: ClaimedPhoto,
  signal: AbortSignal,
  isClosing: () => boolean,
): Promise<WorkEnd> {
  const release = (options: { isAttempt: boolean; postponeMs?: number }) =>
    deps.db.transaction().execute((trx) => releasePhoto(trx, photo.id, photo.holder, options))
  const postponeMs = deps.postponeMs ?? POSTPONE_MS
  const subject = subjectOf(photo.id, deps.purpose)
  const { step } = PURPOSES[deps.purpose]
  const active = deps.describerOf(photo.id)
  if (!active || active.gate.hold(Date.now()) !== null || active.gate.room() <= 0) {
    // of two describers this one has to wait, while the other goes on
    const againMs = active && active.gate.hold(Date.now()) === null ? Math.min(BUSY_MS, postponeMs) : postponeMs
    await release({ isAttempt: false, postponeMs: againMs })
    return { againMs }
  }
  let outcome: StepOutcome | 'postponed' | 'stopped'
  try {
    outcome = await runDescription(deps, active, photo, signal)
  } catch (error) {
    if (!signal.aborted) throw error
    outcome = 'stopped'
  }
  if (outcome === 'postponed' || outcome === 'stopped') {
    // a person who stopped it may have it sent again; after an end of the program nothing is sent again by itself
    if (outcome === 'stopped' && !isClosing()) await concludeCalls(deps.db, subject.subject)
    await release({ isAttempt: false, ...(outcome === 'postponed' ? { postponeMs } : {}) })
    return outcome === 'postponed' ? { againMs: postponeMs } : 'postponed'
  }
  const attempts = photo.rows.find((row) => row.step === step)?.attempts ?? 1
  const result = outcome.state === 'done' ? (outcome.result as SaidDescription).result : null
  const onSaved: SaveDeps['onSaved'] = (trx, photoId, end) => deps.onEnded(trx, photoId, end, result)
  const state = await saveOutcomes({ ...deps, holder: photo.holder, onSaved }, photo.id, [{ step, outcome, attempts }])
  active.gate.forget(subject)
  const isAgain = outcome.state === 'failed' && outcome.isRetryable && attempts < MAX_ATTEMPTS
  await release({ isAttempt: true, ...(isAgain ? { postponeMs } : {}) })
  return isAgain ? { againMs: postponeMs } : state === undefined ? 'postponed' : 'done'
}

async function runDescription(
  deps: DescribeWorkerDeps,
  { gate, modelId, maxSide }: ActiveDescriber,
  photo: ClaimedPhoto,
  signal: AbortSignal,
): Promise<StepOutcome | 'postponed'> {
  const startedAt = performance.now()
  const duration = () => performance.now() - startedAt
  if (photo.rows.some((row) => row.step === 'prepare' && row.state !== 'done'))
    return { state: 'skipped', reason: message('step.blocked', { step: 'prepare' }), modelId, durationMs: 0 }
  try {
    const picture = await encodeJpeg(() => deps.readPreview(photo.sha256), maxSide)
    const said = await gate.call(subjectOf(photo.id, deps.purpose), picture, signal)
    if (said.end === 'postponed') return 'postponed'
    if (said.end === 'failed')
      return { state: 'failed', reason: said.reason, isRetryable: said.isRetryable, modelId, durationMs: duration() }
    const result: SaidDescription = { saidBy: gate.describer.info.id, result: said.result }
    return { state: 'done', result, modelId, durationMs: duration() }
  } catch (error) {
    signal.throwIfAborted()
    if (await (deps.outages ?? NO_OUTAGES).judge(error)) return 'postponed'
    const isRetryable = error instanceof FototecaError && error.retryable
    return { state: 'failed', reason: messageOf(error), isRetryable, modelId, durationMs: duration() }
  }
}
