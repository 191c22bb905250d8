/** @file The pipeline as the rest of the library sees it: new photos go in, progress and lanes can be read, failed steps retried. */

import type { z } from 'zod'
import type { Relay } from '../background/relay.ts'
import { Task } from '../background/task.ts'
import type { FailureChoice, RetryReport } from '../contract/failures.ts'
import type { LaneReport, Progress, Upgrade } from '../contract/library.ts'
import type { ReprocessReport } from '../contract/reprocess.ts'
import type { DescribeLane, Lane, StepName } from '../contract/words.ts'
import { STEP_NAMES } from '../contract/words.ts'
import type { Db, Trx } from '../db/client.ts'
import { onlyAllowed, photoExists } from '../db/visible.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import { EVERY_PHOTO, type Visibility } from '../domain/visibility.ts'
import type { StepCapability } from '../models/ports/capability.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { createAnalyseWorker } from './analyse-photo.ts'
import { Analyser } from './analyser/client.ts'
import type { AnalyserOptions } from './analyser/protocol.ts'
import { listFailures, retryFailures, retryOutageFailures } from './failure-ledger.ts'
import { LaneRunner, type LaneStatus, type LaneWorker } from './lane.ts'
import { countDue, recoverLeases } from './lease-ledger.ts'
import { countPhotoStates, insertDueSteps, retryPhoto } from './ledger.ts'
import { countSteps, type PausableLane, readPausedQueues, readProcesses, readRunning, savePausedQueues } from './queue-ledger.ts'
import { Rate } from './rate.ts'
import { type ExpectedStep, reconcileLedger } from './reconcile-ledger.ts'
import { countReprocess, type ReprocessChoice, reprocess } from './reprocess-ledger.ts'
import type { LocatedOriginal, Step } from './step.ts'
import { countUpgrade, saveUpgradePause } from './upgrade-ledger.ts'

/** Other processes may have gone. */
const RECOVER_MS = 30_000
/** Progress is asked for by every open page and the terminal; the counts are read at most this often. */
const PROGRESS_AGE_MS = 500
/** Steps that wait are counted by their index: as many rows as there are of them. */
const QUEUE_AGE_MS = 2_000
/** Every photo of an upgrade is counted: 0.4 s of the embedded database for 100,000. */
const UPGRADE_AGE_MS = 10_000

export interface PipelineDeps {
  readonly db: Db
  readonly renditions: BlobStore
  /** id of this process */
  readonly owner: string
  readonly concurrency: number
  readonly steps: Readonly<Record<StepName, Step>>
  /** the model that answers now for a capability; null when there is none */
  readonly modelIdOf: (capability: StepCapability) => string | null
  readonly analyserOptions: () => AnalyserOptions
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly locate: (photoId: number) => Promise<LocatedOriginal | null>
  /** in the transaction that ends the analysis of a photo */
  readonly onSettled: (trx: Trx, photoId: number) => Promise<void>
  /** after it */
  readonly onPhotoDone: () => void
  readonly relay: Pick<Relay, 'tell' | 'tellHere' | 'on'>
  /** all photos are analysed for now */
  readonly onIdle: () => void
  readonly describe: readonly DescribePart[]
  readonly scanning: () => Progress['scanning']
  readonly notices: () => Promise<string[]>
  readonly outages: Outages
  readonly log: Log
}

/** Photos are described for a purpose by others, in a queue of its own. */
export interface DescribePart {
  readonly step: Step
  readonly lane: DescribeLane
  readonly worker: LaneWorker
  /** whether a new photo owes it */
  readonly isOn: () => boolean
  /** what all photos are held to; null: only new photos owe it */
  readonly expected: () => ExpectedStep | null
}

export type Pipeline = ReturnType<typeof createPipeline>

/** What a new photo owes; call it in the transaction that inserts the photo. */
export async function insertFirstSteps(
  trx: Trx,
  photoId: number,
  steps: PipelineDeps['steps'],
  describe: readonly Pick<DescribePart, 'step' | 'isOn'>[],
): Promise<void> {
  const described = describe.filter((part) => part.isOn()).map(({ step }) => step)
  await insertDueSteps(trx, photoId, [...listAnalysed(steps), steps.tags, ...described])
}

const listAnalysed = (steps: PipelineDeps['steps']): Step[] =>
  STEP_NAMES.map((name) => steps[name]).filter(({ lane }) => lane === 'analyse')

export function createPipeline(deps: PipelineDeps) {
  const { db, steps, log } = deps
  const list = listAnalysed(steps)
  const rate = new Rate()
  const closing = new AbortController()
  let reconciling: Promise<void> = Promise.resolve()

  const analyser = new Analyser({
    options: deps.analyserOptions,
    timeoutOf: (step) => steps[step].timeoutMs,
    environment: deps.environment,
    log,
  })
  const onMoved = () => deps.relay.tellHere('photos due')
  const analyse = new LaneRunner({
    db,
    log,
    lane: 'analyse',
    owner: deps.owner,
    onMoved,
    outages: deps.outages,
    worker: holdable(
      createAnalyseWorker({
        db,
        steps,
        log,
        analyser,
        concurrency: deps.concurrency,
        outages: deps.outages,
        locate: deps.locate,
        renditions: deps.renditions,
        onSettled: deps.onSettled,
      }),
      () => pausedQueues.has('analyse'),
    ),
    onPhotoDone: () => {
      rate.add(Date.now())
      deps.onPhotoDone()
      wakeDescribers()
    },
    onIdle: deps.onIdle,
  })

  /** queues a person paused, as the row says */
  let pausedQueues: ReadonlySet<PausableLane> = new Set()
  const readPauses = async () => {
    pausedQueues = await readPausedQueues(db)
    wake()
  }
  const describers = deps.describe.map(({ lane, worker, expected: expectedNow }) => {
    const rate = new Rate()
    const runner = new LaneRunner({
      db,
      log,
      lane,
      owner: deps.owner,
      onMoved,
      outages: deps.outages,
      worker: holdable(worker, () => pausedQueues.has(lane)),
      onPhotoDone: () => {
        rate.add(Date.now())
        deps.onPhotoDone()
      },
    })
    const due = atMostEvery(PROGRESS_AGE_MS, () => countDue(db, lane))
    return { lane, runner, rate, due, expected: expectedNow }
  })
  const wakeDescribers = () => {
    for (const { runner } of describers) runner.wake()
  }
  const stepCounts = atMostEvery(QUEUE_AGE_MS, () => countSteps(db))

  const upgrade = atMostEvery(UPGRADE_AGE_MS, () => countUpgrade(db, deps.concurrency))

  const expected = (): ExpectedStep[] => [
    ...list.map((step) => ({ step, modelId: step.capability === undefined ? null : deps.modelIdOf(step.capability) })),
    ...describers.map((part) => part.expected()).filter((step) => step !== null),
  ]

  async function readProgress(sees: Visibility): Promise<Progress> {
    const states = await countPhotoStates(db, sees)
    const count = (state: Parameters<typeof states.get>[0]) => states.get(state) ?? 0
    const [failed, partial] = [count('failed'), count('partial')]
    const { held, ...upgraded } = await upgrade.read()
    // a file that could not be read is no photo, and nothing that was done
    const photos = [...states.values()].reduce((sum, n) => sum + n, 0) - failed
    const perSecond = rate.perSecond(Date.now())
    const due = Math.max(0, photos - count('completed') - partial - (upgraded.paused ? held : 0))
    const done = photos - due
    const status = analyse.status()
    const notices = await deps.notices()
    const onlySeen = async <T extends { readonly id: number }>(open: readonly T[]): Promise<T[]> => {
      const seen = new Set(
        await onlyAllowed(
          db,
          sees,
          open.map(({ id }) => id),
        ),
      )
      return open.filter(({ id }) => seen.has(id))
    }
    return {
      photos,
      done,
      failed,
      partial,
      due,
      // counted less often than what is due
      upgrade: upgraded.paused ? upgraded : { ...upgraded, photos: Math.min(upgraded.photos, due) },
      per_second: perSecond,
      seconds_left: due === 0 ? 0 : perSecond ? due / perSecond : null,
      scanning: deps.scanning(),
      working_on: sees.allowed === null ? [...status.workingOn] : await onlySeen(status.workingOn),
      // of files that are damaged, folders that are gone: not for whoever may not see all of them
      notices: [...(status.reason ? [status.reason] : []), ...(sees.allowed === null ? notices : [])],
    }
  }

  const progress = atMostEvery(PROGRESS_AGE_MS, () => readProgress(EVERY_PHOTO))

  async function recover(): Promise<void> {
    const photos = await recoverLeases(db, deps.owner, log)
    if (photos.length > 0) log.info({ photos: photos.length }, 'interrupted photos are due again')
    // what ended between its last result and its search document
    for (const photoId of photos) await db.transaction().execute((trx) => deps.onSettled(trx, photoId))
    if (photos.length > 0) wake()
  }
  const recovering = new Task({
    name: 'interrupted photos',
    work: recover,
    log,
    failureMessage: 'what processes held that are gone could not be taken back; it is tried again',
    everyMs: RECOVER_MS,
    outages: deps.outages,
  })

  const wake = () => {
    analyse.wake()
    wakeDescribers()
  }

  let isStarted = false
  /** Steps were made due by this process: others that work take photos too. */
  const wakeAll = () => {
    wake()
    deps.relay.tell('photos due')
  }
  deps.relay.on('photos due', wake)
  deps.relay.on('queues', () => {
    readPauses().catch((error: unknown) => log.warn({ err: describeError(error) }, 'whether queues are paused could not be read'))
  })
  // what is described was analysed before
  deps.relay.on('photos done', wakeDescribers)

  function reconcile(): void {
    if (!isStarted) return
    reconciling = reconciling.then(async () => {
      try {
        const changed = await reconcileLedger(db, expected(), closing.signal, log)
        if (changed > 0) {
          upgrade.forget()
          const { photos, seconds, paused } = await upgrade.read()
          log.info(
            { photos: changed, again: photos, hours: seconds === null ? null : Math.round(seconds / 360) / 10, paused },
            'photos became due by a new step, version or model',
          )
          wakeAll()
        } else wake()
      } catch (error) {
        if (!closing.signal.aborted) log.error({ err: describeError(error) }, 'the ledger could not be brought in line')
      }
    })
  }

  return {
    tasks: [analyse.task, ...describers.map(({ runner }) => runner.task), recovering],

    /** Something may be due; other processes hear of it too. */
    wake: wakeAll,

    /** Frees what an earlier life held and starts to work; then brings the ledger in line, in the background. */
    async start(): Promise<void> {
      await readPauses()
      await recover()
      const again = await retryOutageFailures(db, log)
      if (again > 0) log.info({ photos: again }, 'photos that failed for want of room or of the database are due again')
      isStarted = true
      recovering.start()
      analyse.start()
      for (const { runner } of describers) runner.start()
      this.onModelsChanged()
    },

    /** The active model is another one: what it has not said yet becomes due, and the analysis process starts anew with it. */
    onModelsChanged(): void {
      analyser.restartWhenIdle()
      reconcile()
    },

    /** Holds what newer versions and models made due, or lets it go on. Photos that are open are finished. */
    async pauseUpgrade(isPaused: boolean): Promise<Upgrade> {
      await saveUpgradePause(db, isPaused)
      upgrade.forget()
      progress.forget()
      log.info({ paused: isPaused }, 'the upgrade was paused or resumed')
      wakeAll()
      const { held, ...report } = await upgrade.read()
      return report
    },

    /** Begins nothing new of a queue, or lets it go on; in every process, and after a restart. Photos that are open are finished. */
    async pauseQueue(lane: PausableLane, isPaused: boolean): Promise<void> {
      const lanes = await readPausedQueues(db)
      if (isPaused) lanes.add(lane)
      else lanes.delete(lane)
      await savePausedQueues(db, lanes)
      pausedQueues = lanes
      log.info({ lane, paused: isPaused }, 'a queue was paused or resumed')
      deps.relay.tell('queues')
      progress.forget()
      wakeAll()
    },

    /** What of the queue the ledger and this process know; the lanes themselves are told by `lanes`. */
    async queue() {
      const [processes, running, counts, paused] = await Promise.all([
        readProcesses(db, deps.owner),
        readRunning(db),
        stepCounts.read(),
        readPausedQueues(db),
      ])
      const now = Date.now()
      const { held, ...upgraded } = await upgrade.read()
      return {
        processes,
        running,
        upgrade: upgraded,
        paused,
        rates: new Map<Lane, number | null>([
          ['analyse', rate.perSecond(now)],
          ...describers.map(({ lane, rate: own }) => [lane, own.perSecond(now)] as const),
        ]),
        steps: Map.groupBy(counts, ({ step }) => steps[step].lane),
      }
    },

    /** New photos are being analysed now. */
    isBusy: (): boolean => analyse.status().state === 'working',

    progress: (sees: Visibility): Promise<Progress> => (sees.allowed === null ? progress.read() : readProgress(sees)),

    async lanes(): Promise<z.infer<typeof LaneReport>[]> {
      const { due } = await progress.read()
      const report = (lane: Lane, status: LaneStatus, count: number) => ({ lane, state: status.state, due: count, reason: status.reason })
      const described = describers.map(async ({ lane, runner, due: own }) => report(lane, runner.status(), await own.read()))
      return [report('analyse', analyse.status(), due), ...(await Promise.all(described))]
    },

    /** The queue of a purpose, for those who switch and watch it. @throws FototecaError `internal` for one that nobody works through */
    describeLane: (lane: DescribeLane) => {
      const part = describers.find((each) => each.lane === lane)
      if (!part) throw new FototecaError('internal', `nobody works through the queue ${lane}`)
      return {
        status: () => part.runner.status(),
        wake: () => {
          part.due.forget()
          part.runner.wake()
          deps.relay.tell('photos due')
        },
        due: part.due.read,
        perSecond: () => part.rate.perSecond(Date.now()),
      }
    },

    /** Descriptions are asked of others, or for other photos, than before. */
    onDescribeChanged: () => reconcile(),

    /** @throws FototecaError `not_found` */
    async retry(sees: Visibility, photoId: number): Promise<StepName[]> {
      if (!(await photoExists(db, sees, photoId))) throw new FototecaError('not_found', `there is no photo ${photoId}`)
      const due = await retryPhoto(db, photoId, log)
      wakeAll()
      return due
    },

    failures: (sees: Visibility) => listFailures(db, sees),

    async retryFailures(sees: Visibility, choice: FailureChoice, isDryRun: boolean): Promise<RetryReport> {
      const report = await retryFailures(db, sees, choice, isDryRun, log)
      if (report.steps > 0 && !isDryRun) wakeAll()
      return report
    },

    /** Makes steps due again, or (dry run) counts them. */
    async reprocess(choice: ReprocessChoice, isDryRun: boolean): Promise<ReprocessReport> {
      const report = await countReprocess(db, choice, deps.concurrency)
      if (isDryRun || report.steps === 0) return { ...report, dry_run: isDryRun }
      await reprocess(db, choice, log)
      wakeAll()
      return { ...report, dry_run: false }
    },

    async [Symbol.asyncDispose](): Promise<void> {
      closing.abort()
      await reconciling
      await recovering[Symbol.asyncDispose]()
      await Promise.all([analyse, ...describers.map(({ runner }) => runner)].map((lane) => lane[Symbol.asyncDispose]()))
    },
  }
}

/** A worker that begins nothing while a person wants it so. */
function holdable(worker: LaneWorker, isPaused: () => boolean): LaneWorker {
  return {
    canDie: worker.canDie,
    room: () => worker.room(),
    hold: (now) => (isPaused() ? { state: 'paused', reason: PAUSED, untilMs: null } : (worker.hold?.(now) ?? null)),
    work: (photo, isAlone) => worker.work(photo, isAlone),
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  }
}

const PAUSED = 'paused by a person; resume it under Queue'

/** By a clock that nobody sets. What failed is read anew: an outage that is over must not be answered with again. */
function atMostEvery<T>(ageMs: number, read: () => Promise<T>) {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined
  return {
    read: (): Promise<T> => {
      const now = performance.now()
      if (last && now - last.at <= ageMs) return last.answer
      const mine = { at: now, answer: read() }
      last = mine
      mine.answer.catch(() => {
        if (last === mine) last = undefined
      })
      return mine.answer
    },
    forget: (): void => {
      last = undefined
    },
  }
}
