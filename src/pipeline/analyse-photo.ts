/** @file The work of the lane `analyse` on one photo: hands its due steps to the analysis process, stores what comes back, settles the rest. */
import { message, render } from '../contract/messages/message.ts'
import type { PhotoState, StepName } from '../contract/words.ts'
import type { Trx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import { describeError, FototecaError, messageOf } from '../domain/errors.ts'
import { findSystemCode, NO_OUTAGES, type Outage, type Outages } from '../domain/outage.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import type { Analyser } from './analyser/client.ts'
import type { StepOutcome } from './analyser/protocol.ts'
import type { LaneWorker, WorkEnd } from './lane.ts'
import { type ClaimedPhoto, keepLease, type LeaseHolder, type ReleaseOptions, releasePhoto } from './lease-ledger.ts'
import { logStates, showPhotoState } from './ledger.ts'
import { derivePhotoState } from './photo-state.ts'
import { type NamedOutcome, type SaveDeps, saveOutcomes } from './save-outcomes.ts'
import type { LocatedOriginal } from './step.ts'

/** A photo that ends the analysis process this often, alone, is not tried again: the step that ran then fails. */
export const MAX_CRASHES = 2

export interface AnalyseDeps extends SaveDeps {
  readonly analyser: Analyser
  /** photos analysed at the same time */
  readonly concurrency: number
  /** where the original is now; null when no file of the photo is there */
  readonly locate: (photoId: number) => Promise<LocatedOriginal | null>
  readonly renditions: BlobStore
  /** in the transaction that ends the analysis: search document and the like */
  readonly onSettled: (trx: Trx, photoId: number) => Promise<void>
}

/** An outcome is on the disk after so long, whatever else the photo still waits for. */
const SAVE_AFTER_MS = 2000

/** A photo whose file is not there just now is looked at again after so long. */
const NO_FILE_MS = 120_000

/** An outage is looked for again after so long. */
const OUTAGE_PAUSE_MS = 5_000

/** After the analysis process could not even start: not the photos’ fault, so wait, say so, try again. */
const CANNOT_START_PAUSE_MS = 5_000

export function createAnalyseWorker(deps: AnalyseDeps): LaneWorker {
  return {
    canDie: true,
    room: () => (deps.analyser.isDraining ? 0 : deps.concurrency),
    work: (photo, isAlone) => analysePhoto(deps, photo, isAlone).catch((error: unknown) => waitForFile(deps, photo, error)),
    [Symbol.asyncDispose]: () => deps.analyser[Symbol.asyncDispose](),
  }
}

async function analysePhoto(deps: AnalyseDeps, photo: ClaimedPhoto, isAlone: boolean): Promise<WorkEnd> {
  const outages = deps.outages ?? NO_OUTAGES
  const original = await deps.locate(photo.id)
  if (!original) {
    const [gone] = await outages.check()
    if (gone) return await giveBack(deps, photo, gone)
    // its file is not there just now
    await release(deps, photo, { isAttempt: false, postponeMs: NO_FILE_MS })
    return 'postponed'
  }
  const failedBefore = new Set(photo.rows.filter((row) => row.state === 'failed').map((row) => row.step))
  const saver = createSaver({ ...deps, holder: photo.holder }, photo)
  const doubtful = createDoubtful(outages)

  const runnable: StepName[] = []
  for (const name of photo.due) {
    const blocker = deps.steps[name].needs.find((need) => failedBefore.has(need))
    if (blocker) saver.add(name, { state: 'skipped', reason: message('step.blocked', { step: blocker }), modelId: null, durationMs: 0 })
    else if (deps.steps[name].run) runnable.push(name)
  }
  const take = (step: StepName, outcome: StepOutcome) => (doubtful.holds(step, outcome) ? undefined : saver.add(step, outcome))
  const keeping: Promise<void>[] = []
  const end =
    runnable.length === 0
      ? ({ end: 'finished' } as const)
      : await original.withFile((at) => {
          const file = { ...at, modifiedMs: original.modifiedMs, format: photo.format }
          return deps.analyser.analyse({ file, steps: runnable, isSequential: isAlone }, (step, outcome) => {
            if (outcome.state !== 'done' || !deps.steps[step].keep) take(step, outcome)
            else keeping.push(keepBeside(deps, photo, step, outcome).then((kept) => take(step, kept)))
          })
        })
  await Promise.all(keeping)
  const outage = await doubtful.judge()
  if (outage) {
    await saver.drain()
    return await giveBack(deps, photo, outage)
  }
  for (const [step, outcome] of doubtful.outcomes) saver.add(step, outcome)

  if (end.end === 'finished') {
    await settle(deps, photo, saver)
    return 'done'
  }
  await saver.drain()
  if (end.end === 'over-memory') {
    // what rests on the picture is skipped when the photo is taken up again; what does not is done then
    const guilty = runnable.includes('prepare') ? (['prepare'] as const) : runnable.filter((step) => deps.steps[step].needs.length > 0)
    for (const step of guilty.filter((name) => !saver.ended.has(name)))
      saver.add(step, { state: 'failed', reason: end.why, isRetryable: false, modelId: null, durationMs: 0 })
    await saver.drain()
  }
  if (end.end === 'over-memory' || end.end === 'interrupted') {
    await release(deps, photo, { isAttempt: false })
    return 'postponed'
  }
  const isFault = end.end === 'died' && isAlone
  if (isFault && photo.crashes + 1 >= MAX_CRASHES) {
    const reason = message('step.crashed', { cause: end.why, times: MAX_CRASHES })
    const guilty = end.steps.length > 0 ? end.steps : runnable.filter((step) => !saver.ended.has(step))
    for (const step of guilty) saver.add(step, { state: 'failed', reason, isRetryable: false, modelId: null, durationMs: 0 })
    await saver.drain()
  }
  await release(deps, photo, { hasCrashed: isFault, isAttempt: isFault })
  return end.end === 'died' ? 'died' : { pauseMs: CANNOT_START_PAUSE_MS, reason: render(end.why) }
}

/** Its file could not be had just now. @throws any other error */
async function waitForFile(deps: AnalyseDeps, photo: ClaimedPhoto, error: unknown): Promise<WorkEnd> {
  if (!(error instanceof FototecaError) || error.code !== 'unavailable') throw error
  const outage = await (deps.outages ?? NO_OUTAGES).judge(error)
  if (outage) return await giveBack(deps, photo, outage)
  await release(deps, photo, { isAttempt: false, postponeMs: NO_FILE_MS })
  return 'postponed'
}

/** What of a result lies beside the database is there before its row says so. */
async function keepBeside(
  { steps, renditions }: AnalyseDeps,
  { sha256 }: ClaimedPhoto,
  step: StepName,
  outcome: Extract<StepOutcome, { state: 'done' }>,
): Promise<StepOutcome> {
  try {
    return { ...outcome, result: await steps[step].keep?.(renditions, sha256, outcome.result) }
  } catch (error) {
    const { modelId, durationMs } = outcome
    const isRetryable = error instanceof FototecaError && error.retryable
    return { state: 'failed', reason: messageOf(error), isRetryable, systemCode: findSystemCode(error), modelId, durationMs }
  }
}

async function release(deps: AnalyseDeps, photo: ClaimedPhoto, options: ReleaseOptions): Promise<void> {
  logStates(deps.log, await deps.db.transaction().execute((trx) => releasePhoto(trx, photo.id, photo.holder, options)))
}

/** Not its fault: the attempt does not count. */
async function giveBack(deps: AnalyseDeps, photo: ClaimedPhoto, { reason }: Outage): Promise<WorkEnd> {
  await release(deps, photo, { isAttempt: false })
  return { pauseMs: OUTAGE_PAUSE_MS, reason }
}

/** Failures, and what was skipped because of them: the disk may be behind them, so they wait until the photo is through. */
function createDoubtful(outages: Outages) {
  const outcomes = new Map<StepName, StepOutcome>()
  return {
    outcomes: outcomes as ReadonlyMap<StepName, StepOutcome>,
    holds(step: StepName, outcome: StepOutcome): boolean {
      const isMeant = isBlocked(outcome) && [...outcomes.keys()].some((name) => name === outcome.reason.params.step)
      if (!isMeant && outcome.state !== 'failed') return false
      outcomes.set(step, outcome)
      return true
    },
    async judge(): Promise<Outage | null> {
      for (const outcome of outcomes.values()) {
        if (outcome.state !== 'failed') continue
        const outage = await outages.judge(Object.assign(new Error(render(outcome.reason)), { code: outcome.systemCode }))
        if (outage) return outage
      }
      // decoders say of a file on a disk that is gone only that it cannot be read
      return outcomes.size > 0 ? ((await outages.check())[0] ?? null) : null
    },
  }
}

const isBlocked = (outcome: StepOutcome): outcome is Extract<StepOutcome, { state: 'skipped' }> =>
  outcome.state === 'skipped' && outcome.reason.code === 'step.blocked'

/** The last outcomes, steps that work on the database alone, the search document, and the lease: all in one transaction. */
async function settle(deps: AnalyseDeps, photo: ClaimedPhoto, saver: Saver): Promise<void> {
  for (const name of photo.due.filter((step) => !deps.steps[step].run)) {
    const blocker = deps.steps[name].needs.find((need) => saver.failed.has(need))
    saver.add(
      name,
      blocker
        ? { state: 'skipped', reason: message('step.blocked', { step: blocker }), modelId: null, durationMs: 0 }
        : { state: 'done', result: undefined, modelId: null, durationMs: 0 },
    )
  }
  await saver.drain(async (trx) => {
    await deps.onSettled(trx, photo.id)
    await releasePhoto(trx, photo.id, photo.holder, { isAttempt: true })
  })
}

type Saver = ReturnType<typeof createSaver>

/**
 * Saves outcomes in the order they arrive. Each waits a little for others, because a commit costs more than a row;
 * what a kill takes with it is done again.
 */
function createSaver(deps: SaveDeps & { readonly holder: LeaseHolder }, photo: ClaimedPhoto) {
  const photoId = photo.id
  const attempts = new Map(photo.rows.map((row) => [row.step, row.attempts]))
  const steps = new Map(photo.rows.map((row) => [row.step, row.state]))
  let state = derivePhotoState(steps)
  let entered: PhotoState[] = []
  let waiting: NamedOutcome[] = []
  let work: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let problem: unknown
  const failed = new Set<StepName>()
  const ended = new Set<StepName>()
  const save = (atEnd?: (trx: Trx) => Promise<void>): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    work = work
      .then(async () => {
        // what ended meanwhile is in both or in neither
        while (entered.length > 0 && !problem) await show()
        const now = waiting
        waiting = []
        if (now.length > 0 || atEnd) await saveOutcomes(deps, photoId, now, atEnd)
      })
      .catch((error: unknown) => {
        problem ??= error
        deps.log.error({ photo_id: photoId, err: describeError(error) }, 'steps could not be stored')
      })
    return work
  }
  /** Which steps it came into, before the results are stored: in the order of the saves, so that it never goes back. */
  const show = async (): Promise<void> => {
    const states = entered
    const last = states.at(-1)
    entered = []
    if (last === undefined || problem) return
    let from = last
    await transact(deps.db, async (trx) => {
      await keepLease(trx, photoId, deps.holder)
      from = (await showPhotoState(trx, photoId, last)) ?? last
    })
    for (const to of states) {
      logStates(deps.log, new Map([[photoId, { from, to }]]))
      from = to
    }
  }
  return {
    failed: failed as ReadonlySet<StepName>,
    ended: ended as ReadonlySet<StepName>,
    add(step: StepName, outcome: StepOutcome): void {
      ended.add(step)
      if (outcome.state === 'failed' || isBlocked(outcome)) failed.add(step)
      waiting.push({ step, outcome, attempts: attempts.get(step) ?? 1 })
      steps.set(step, outcome.state)
      timer ??= setTimeout(() => void save(), SAVE_AFTER_MS)
      // where it ends is said with the last results
      const next = derivePhotoState(steps)
      if (next === state || !photo.due.some((name) => steps.get(name) === 'running')) return
      state = next
      entered.push(next)
      work = work.then(show).catch((error: unknown) => {
        problem ??= error
      })
    },
    /** @param atEnd in the transaction of the last outcomes, after them @throws what made saving fail (the database is gone) */
    async drain(atEnd?: (trx: Trx) => Promise<void>): Promise<void> {
      await work
      // what rests on an outcome that was not stored must not be
      if (!problem) await save(atEnd)
      if (problem) throw problem
    },
  }
}
