/** @file The parts of describing tied together: for each purpose the choice and the worker of its queue; comparisons; one gate per describer and purpose. */
import { concludeCalls } from '../background/store-paid-calls.ts'
import type { Task } from '../background/task.ts'
import { PURPOSE_NAMES, PURPOSES, type Purpose } from '../contract/words.ts'
import type { Db, Trx } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import type { Describer } from '../models/ports/describer.ts'
import type { DescribePart } from '../pipeline/pipeline.ts'
import type { SaveDeps } from '../pipeline/save-outcomes.ts'
import { giveToDescription } from '../pipeline/steps/inspiration/store.ts'
import type { ChoiceSettings } from './choice.ts'
import { ComparisonRunner } from './comparison-runner.ts'
import { type Comparisons, createComparisons } from './comparisons.ts'
import { createDescribeService, type DescribeService, type DescribeServiceDeps } from './describe-service.ts'
import { createDescribeWorker, type DescribeWorker } from './describe-worker.ts'
import { subjectOf } from './lost-calls.ts'
import { countForRuns } from './store-runs.ts'

export interface DescribingDeps
  extends Pick<DescribeServiceDeps, 'processId' | 'available' | 'language' | 'onChanged' | 'relay' | 'now' | 'breakerPace'> {
  readonly settings: (purpose: Purpose) => ChoiceSettings
  /** @throws FototecaError when the name is unknown, ProviderFailure when something has to be set first */
  readonly openDescriber: (choice: string, purpose: Purpose) => Describer
  readonly db: Db
  readonly log: Log
  readonly steps: SaveDeps['steps']
  readonly outages?: Outages
  /** where the stored preview of a picture lies */
  readonly readPreview: (sha256: string) => Promise<Uint8Array>
  readonly refreshSearchDocument: (trx: Trx, photoId: number) => Promise<void>
  /** of the pipeline, which runs the workers */
  readonly lane: (purpose: Purpose) => Omit<DescribeServiceDeps['lane'], 'interrupt'>
  /** tests: shorter pauses */
  readonly postponeMs?: number
  readonly leastWaitMs?: number
}

export interface Describing extends AsyncDisposable {
  /** of the facts */
  readonly service: DescribeService
  readonly services: Readonly<Record<Purpose, DescribeService>>
  /** what the pipeline works through */
  readonly parts: readonly DescribePart[]
  /** what leaves this machine, in words */
  leaves(): string
  /** hosts that are asked */
  sendsTo(): string[]
  readonly comparisons: Comparisons
  readonly comparing: Task
  /** goes on with comparisons that were interrupted */
  start(): void
}

export async function createDescribing(deps: DescribingDeps): Promise<Describing> {
  const { db, log, readPreview } = deps
  let runner: ComparisonRunner
  const open = async (purpose: Purpose) => {
    let worker: DescribeWorker
    const service = await createDescribeService({
      ...deps,
      purpose,
      settings: deps.settings(purpose),
      openDescriber: (choice) => deps.openDescriber(choice, purpose),
      lane: { ...deps.lane(purpose), interrupt: () => worker.interrupt() },
      inUse: () => (purpose === 'facts' ? runner.inUse() : []),
    })
    worker = createDescribeWorker({
      db,
      log,
      readPreview,
      purpose,
      steps: deps.steps,
      outages: deps.outages,
      describers: service.describers,
      describerOf: service.describerOf,
      hold: service.hold,
      onEnded: async (trx, photoId, end, result) => {
        await concludeCalls(trx, subjectOf(photoId, purpose).subject)
        await countForRuns(trx, purpose, photoId, end, result?.usage ?? null)
        if (purpose !== 'facts') return
        if (result !== null && !services.inspiration.isOn()) await giveToDescription(trx, photoId)
        await deps.refreshSearchDocument(trx, photoId)
      },
      postponeMs: deps.postponeMs,
    })
    return { service, worker }
  }
  const parts = { facts: await open('facts'), inspiration: await open('inspiration') } satisfies Record<Purpose, object>
  const services = { facts: parts.facts.service, inspiration: parts.inspiration.service }
  const { gateOf, closeIdle, previewPx } = services.facts
  runner = new ComparisonRunner({ db, log, gateOf, readPreview, onEnded: closeIdle, previewPx, leastWaitMs: deps.leastWaitMs })
  return {
    service: services.facts,
    services,
    parts: PURPOSE_NAMES.map((purpose) => {
      const { service, worker } = parts[purpose]
      const { step, lane } = PURPOSES[purpose]
      return { step: deps.steps[step], lane, worker, isOn: service.isOn, expected: service.expected }
    }),
    leaves: () => {
      const on = Object.values(services).filter((service) => service.isOn())
      return [...new Set((on.length > 0 ? on : [services.facts]).map((service) => service.leaves()))].join(' ')
    },
    sendsTo: () => [
      ...new Set(Object.values(services).flatMap((service) => service.describers().flatMap(({ gate }) => gate.describer.sendsTo))),
    ],
    comparisons: createComparisons({ db, runner, gateOf }),
    comparing: runner.task,
    start: () => runner.wake(),
    async [Symbol.asyncDispose]() {
      await runner[Symbol.asyncDispose]()
      for (const service of Object.values(services)) await service[Symbol.asyncDispose]()
    },
  }
}
