/** @file The parts of describing tied together: the choice, the lane's worker, comparisons; one gate per describer for all. */
import { concludeCalls } from '../background/store-paid-calls.ts'
import type { Task } from '../background/task.ts'
import type { Db, Trx } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import type { SaveDeps } from '../pipeline/save-outcomes.ts'
import { ComparisonRunner } from './comparison-runner.ts'
import { type Comparisons, createComparisons } from './comparisons.ts'
import { createDescribeService, type DescribeService, type DescribeServiceDeps } from './describe-service.ts'
import { createDescribeWorker, type DescribeWorker } from './describe-worker.ts'
import { subjectOf } from './lost-calls.ts'
import { countForRuns } from './store-runs.ts'

export interface DescribingDeps
  extends Pick<
    DescribeServiceDeps,
    'settings' | 'processId' | 'openDescriber' | 'available' | 'language' | 'onChanged' | 'relay' | 'now' | 'breakerPace'
  > {
  readonly db: Db
  readonly log: Log
  readonly steps: SaveDeps['steps']
  readonly outages?: Outages
  /** where the stored preview of a picture lies */
  readonly readPreview: (sha256: string) => Promise<Uint8Array>
  readonly refreshSearchDocument: (trx: Trx, photoId: number) => Promise<void>
  /** of the pipeline, which runs the worker */
  readonly lane: Omit<DescribeServiceDeps['lane'], 'interrupt'>
  /** tests: shorter pauses */
  readonly postponeMs?: number
  readonly leastWaitMs?: number
}

export interface Describing extends AsyncDisposable {
  readonly service: DescribeService
  readonly worker: DescribeWorker
  readonly comparisons: Comparisons
  readonly comparing: Task
  /** goes on with comparisons that were interrupted */
  start(): void
}

export async function createDescribing(deps: DescribingDeps): Promise<Describing> {
  const { db, log, readPreview } = deps
  let worker: DescribeWorker
  let runner: ComparisonRunner
  const service = await createDescribeService({
    ...deps,
    lane: { ...deps.lane, interrupt: () => worker.interrupt() },
    inUse: () => runner.inUse(),
  })
  worker = createDescribeWorker({
    db,
    log,
    readPreview,
    steps: deps.steps,
    outages: deps.outages,
    active: service.active,
    hold: service.hold,
    onEnded: async (trx, photoId, end, usage) => {
      await concludeCalls(trx, subjectOf(photoId).subject)
      await countForRuns(trx, photoId, end, usage)
      await deps.refreshSearchDocument(trx, photoId)
    },
    postponeMs: deps.postponeMs,
  })
  const { gateOf } = service
  runner = new ComparisonRunner({
    db,
    log,
    gateOf,
    readPreview,
    onEnded: service.closeIdle,
    previewPx: service.previewPx,
    leastWaitMs: deps.leastWaitMs,
  })
  return {
    service,
    worker,
    comparisons: createComparisons({ db, runner, gateOf }),
    comparing: runner.task,
    start: () => runner.wake(),
    async [Symbol.asyncDispose]() {
      await runner[Symbol.asyncDispose]()
      await service[Symbol.asyncDispose]()
    },
  }
}
