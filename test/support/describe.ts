/** @file The lane `describe` over a test database, from real parts, with describers the test gives by name and short pauses. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import sharp from 'sharp'
import type { DescriberReport } from '../../src/contract/describe.ts'
import { PURPOSE_NAMES, PURPOSES, type Purpose } from '../../src/contract/words.ts'
import type { ChoiceSettings } from '../../src/describe/choice.ts'
import { createDescribing } from '../../src/describe/describing.ts'
import { refreshSearchDocument } from '../../src/document/store.ts'
import { FototecaError } from '../../src/domain/errors.ts'
import { type Log, silentLog } from '../../src/domain/log.ts'
import type { Describer } from '../../src/models/ports/describer.ts'
import { LaneRunner } from '../../src/pipeline/lane.ts'
import { countDue, recoverLeases } from '../../src/pipeline/lease-ledger.ts'
import type { DescribePart } from '../../src/pipeline/pipeline.ts'
import { reconcileLedger } from '../../src/pipeline/reconcile-ledger.ts'
import { DuplicateIndex } from '../../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createSteps } from '../../src/pipeline/steps.ts'
import { readBlob } from '../../src/storage/blob-store.ts'
import { renditionKey } from '../../src/storage/keys.ts'
import { openLibraryBlobs } from '../../src/storage/library-blobs.ts'
import { renditionPath } from './blobs.ts'
import type { TestDatabase } from './database.ts'
import { addPhoto, type PhotoOptions } from './library.ts'

/** A photo that is analysed, with its preview on disk. */
export async function addAnalysedPhoto({ db, dataDir }: TestDatabase, options: PhotoOptions = {}): Promise<number> {
  const id = await addPhoto(db, options)
  const { sha256 } = await db.selectFrom('photos').select('sha256').where('id', '=', id).executeTakeFirstOrThrow()
  await db
    .insertInto('photo_steps')
    .values({ photo_id: id, step: 'prepare', version: 1, lane: 'analyse', state: 'done' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const preview = renditionPath(dataDir, sha256, 'preview')
  await mkdir(dirname(preview), { recursive: true })
  const background = { r: (id * 37) % 256, g: (id * 91) % 256, b: (id * 151) % 256 }
  await sharp({ create: { width: 64, height: 48, channels: 3, background } })
    .withExif({ IFD0: { ImageDescription: 'never to be sent' } })
    .webp()
    .toFile(preview)
  return id
}

const notAsked = (name: string): DescriberReport => ({
  name,
  model: null,
  licence: 'none',
  remote: false,
  sends_to: ['127.0.0.1'],
  missing: null,
  state: 'not asked',
  said: null,
  asked_at: null,
})

export interface DescribeLaneOptions {
  readonly describers: Readonly<Record<string, (purpose: Purpose) => Describer>>
  readonly settings?: Partial<ChoiceSettings>
  /** of the other purpose; off without them */
  readonly inspiration?: Partial<ChoiceSettings>
  readonly now?: () => number
  readonly log?: Log
  readonly postponeMs?: number
}

const NO_SETTINGS: ChoiceSettings = {
  describe: undefined,
  describePhotos: undefined,
  describePreviewPx: undefined,
  describeConcurrency: undefined,
  describePerMinute: undefined,
  describeTokensPerDay: undefined,
  describeCostPerDay: undefined,
}

export async function openDescribeLane(database: TestDatabase, options: DescribeLaneOptions) {
  const { db, dataDir } = database
  const log = options.log ?? silentLog
  const { renditions } = await openLibraryBlobs({ dataDir })
  const lanes = new Map<Purpose, LaneRunner>()
  const laneOf = (purpose: Purpose) => lanes.get(purpose) as LaneRunner
  let reconciling: Promise<unknown> = Promise.resolve()
  const describing = await createDescribing({
    db,
    log,
    processId: 'test',
    steps: createSteps({ thumbnailSize: 100, duplicates: { index: new DuplicateIndex(), threshold: 0 } }),
    settings: (purpose) => ({ ...NO_SETTINGS, ...(purpose === 'facts' ? options.settings : options.inspiration) }),
    openDescriber: (name, purpose) => {
      const open = options.describers[name]
      if (!open) throw new FototecaError('not_found', `there is no describer ${name}`)
      return open(purpose)
    },
    available: {
      list: async () => Object.keys(options.describers).map(notAsked),
      ask: () => Promise.reject(new Error('not in this test')),
    },
    language: 'english',
    readPreview: (sha256) => readBlob(renditions, renditionKey(sha256, 'preview')),
    refreshSearchDocument,
    lane: (purpose) => ({
      status: () => laneOf(purpose).status(),
      wake: () => laneOf(purpose).wake(),
      due: () => countDue(db, PURPOSES[purpose].lane),
      perSecond: () => null,
    }),
    onChanged: () => {
      const expected = describing.parts.map((part) => part.expected()).filter((step) => step !== null)
      reconciling = reconciling.then(() => reconcileLedger(db, expected)).then(wake)
    },
    ...(options.now ? { now: options.now } : {}),
    breakerPace: { firstPauseMs: 150, longestPauseMs: 300, configurationPauseMs: 60_000 },
    postponeMs: options.postponeMs ?? 250,
    leastWaitMs: 50,
  })
  const { service, services, comparisons } = describing
  for (const [at, purpose] of PURPOSE_NAMES.entries()) {
    const { lane, worker } = describing.parts[at] as DescribePart
    lanes.set(purpose, new LaneRunner({ db, log, lane, owner: 'test', worker, onPhotoDone: () => {} }))
  }
  const wake = () => {
    for (const lane of lanes.values()) lane.wake()
  }
  await recoverLeases(db)
  for (const lane of lanes.values()) lane.start()
  describing.start()
  return {
    service,
    services,
    lane: laneOf('facts'),
    inspirationLane: laneOf('inspiration'),
    comparisons,
    wake,
    leaves: describing.leaves,
    settled: () => reconciling,
    async [Symbol.asyncDispose]() {
      await reconciling
      for (const lane of lanes.values()) await lane[Symbol.asyncDispose]()
      await describing[Symbol.asyncDispose]()
    },
  }
}
