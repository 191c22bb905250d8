/** @file Stores what steps found, with their ledger rows, in one transaction; a result that cannot be stored fails its step alone. */
import { message, render } from '../contract/messages/message.ts'
import type { PhotoState, StepName } from '../contract/words.ts'
import type { Db, Trx } from '../db/client.ts'
import { LeaseLost } from '../db/fence.ts'
import { transact } from '../db/transact.ts'
import { messageOf } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { NO_OUTAGES, type Outages } from '../domain/outage.ts'
import type { StepOutcome } from './analyser/protocol.ts'
import { keepLease, type LeaseHolder } from './lease-ledger.ts'
import { finishSteps, logStates, MAX_ATTEMPTS, type StateChanges, type StepEnd, updatePhotoStates } from './ledger.ts'
import type { Step } from './step.ts'

export interface SaveDeps {
  readonly db: Db
  readonly steps: Readonly<Record<StepName, Step>>
  readonly log: Log
  /** nothing is saved once it does not hold the photo any more; without it nobody else can be at work */
  readonly holder?: LeaseHolder
  /** what they are the cause of fails no step */
  readonly outages?: Outages | undefined
  /** in the transaction that stores a result or a final failure, for what rests on it */
  readonly onSaved?: (trx: Trx, photoId: number, end: 'done' | 'failed') => Promise<void>
}

export interface NamedOutcome {
  readonly step: StepName
  readonly outcome: StepOutcome
  readonly attempts: number
}

/** What the ledger will say. A passing failure is due again until its attempts are spent. */
function endOf(step: Step, { outcome, attempts }: NamedOutcome): StepEnd {
  const common = { step: step.name, version: step.version, modelId: outcome.modelId, durationMs: outcome.durationMs }
  if (outcome.state === 'done') return { ...common, state: 'done', reason: null }
  if (outcome.state === 'skipped') return { ...common, state: 'skipped', reason: outcome.reason }
  const isAgain = outcome.isRetryable && attempts < MAX_ATTEMPTS
  return { ...common, state: isAgain ? 'due' : 'failed', reason: outcome.reason }
}

/** The time of the save counts too: for steps that work on the database alone it is all there is. */
async function saveOne(trx: Trx, step: Step, photoId: number, named: NamedOutcome): Promise<StepEnd> {
  const startedAt = performance.now()
  if (named.outcome.state === 'done') await step.save(trx, photoId, named.outcome.result, { modelId: named.outcome.modelId })
  const end = endOf(step, named)
  return { ...end, durationMs: end.durationMs + performance.now() - startedAt }
}

/**
 * Saves several outcomes of one photo together (one commit, one sync). If that fails they are saved one by one,
 * and the one that cannot be stored becomes a failed step with the reason.
 * @param atEnd after them in the same transaction, in its own where that fails
 * @throws LeaseLost, what `atEnd` throws, and the error of an outage
 */
export async function saveOutcomes(
  deps: SaveDeps,
  photoId: number,
  outcomes: readonly NamedOutcome[],
  atEnd?: (trx: Trx) => Promise<void>,
): Promise<PhotoState | undefined> {
  const save = () =>
    transact(deps.db, async (trx) => {
      if (deps.holder) await keepLease(trx, photoId, deps.holder)
      const ends: StepEnd[] = []
      for (const named of outcomes) ends.push(await saveOne(trx, deps.steps[named.step], photoId, named))
      await finishSteps(trx, photoId, ends)
      for (const { state } of ends) if (state !== 'due') await deps.onSaved?.(trx, photoId, state === 'done' ? 'done' : 'failed')
      const changes: StateChanges = outcomes.length === 0 ? new Map() : await updatePhotoStates(trx, [photoId])
      await atEnd?.(trx)
      return changes
    })
  try {
    return logOutcomes(deps.log, photoId, outcomes, await save())
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    const outages = deps.outages ?? NO_OUTAGES
    if ((await outages.judge(error)) || (await outages.check()).length > 0) throw error
    if (atEnd) {
      const state = await saveOutcomes(deps, photoId, outcomes)
      await transact(deps.db, atEnd)
      return state
    }
    const [only] = outcomes
    if (!only) return undefined
    if (outcomes.length === 1) return await saveFailure(deps, photoId, only, error)
    let state: PhotoState | undefined
    for (const named of outcomes) state = await saveOutcomes(deps, photoId, [named])
    return state
  }
}

async function saveFailure(deps: SaveDeps, photoId: number, named: NamedOutcome, error: unknown): Promise<PhotoState | undefined> {
  const outcome: StepOutcome = {
    state: 'failed',
    reason: message('step.not-saved', { cause: messageOf(error) }),
    isRetryable: false,
    modelId: named.outcome.modelId,
    durationMs: named.outcome.durationMs,
  }
  const failed = { ...named, outcome }
  const changes = await transact(deps.db, async (trx) => {
    if (deps.holder) await keepLease(trx, photoId, deps.holder)
    await finishSteps(trx, photoId, [endOf(deps.steps[named.step], failed)])
    await deps.onSaved?.(trx, photoId, 'failed')
    return await updatePhotoStates(trx, [photoId])
  })
  return logOutcomes(deps.log, photoId, [failed], changes)
}

/** Every step and every change of state is one JSON line. @returns where the photo stands */
function logOutcomes(log: Log, photoId: number, outcomes: readonly NamedOutcome[], changes: StateChanges): PhotoState | undefined {
  const state = changes.get(photoId)?.to
  for (const { step, outcome } of outcomes)
    log[outcome.state === 'failed' ? 'warn' : 'info'](
      {
        photo_id: photoId,
        step,
        step_state: outcome.state,
        state,
        duration_ms: Math.round(outcome.durationMs),
        ...(outcome.state === 'done' ? {} : { reason: render(outcome.reason) }),
      },
      'step ended',
    )
  logStates(log, changes)
  return state
}
