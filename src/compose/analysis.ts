/** @file The way of a photo from its file to its facts: models, ingest, the pipeline with its lanes, descriptions, spaces, tags by words. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ProcessEntry } from '../background/process-entry.ts'
import type { Relay } from '../background/relay.ts'
import { childEnvironment } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { PURPOSES } from '../contract/words.ts'
import type { Db, OpenDatabase, Trx } from '../db/client.ts'
import { createAvailable } from '../describe/available.ts'
import { choiceSettings } from '../describe/choice.ts'
import { createDescribing } from '../describe/describing.ts'
import type { Texts } from '../describe/texts/texts.ts'
import { markDocumentsStale, refreshSearchDocument, settleSearchDocument } from '../document/store.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import { FOLDERS } from '../ingest/folder-sources.ts'
import { createIngest, type Ingest } from '../ingest/ingest.ts'
import { DecodeBudget, setDecodeMemory } from '../media/decode-memory.ts'
import type { ActiveModel } from '../models/chosen/active-models.ts'
import { openDescriber } from '../models/describe/open-describer.ts'
import { watchGpus } from '../models/gpu/read-gpus.ts'
import { createModelService, type ModelService } from '../models/model-service.ts'
import type { ModelOptions } from '../models/registry.ts'
import { chooseBasic } from '../models/spaces/basic-meaning.ts'
import type { AnalyserOptions } from '../pipeline/analyser/protocol.ts'
import { createPipeline, insertFirstSteps, type Pipeline } from '../pipeline/pipeline.ts'
import { QueryImageEmbedder } from '../pipeline/query-image-embedder.ts'
import { reprocess } from '../pipeline/reprocess-ledger.ts'
import { PhotoFiller } from '../pipeline/spaces/photo-filler.ts'
import { createSpaces } from '../pipeline/spaces/spaces.ts'
import { DuplicateIndex } from '../pipeline/steps/duplicates/duplicate-index.ts'
import { createSteps } from '../pipeline/steps.ts'
import { Tagger } from '../pipeline/tagging/tagger.ts'
import { createWords } from '../pipeline/tagging/words.ts'
import { readBlob } from '../storage/blob-store.ts'
import { renditionKey } from '../storage/keys.ts'
import type { LibraryBlobs } from '../storage/library-blobs.ts'
import { noticeProblems } from '../verify/notice-problems.ts'
import { modelIdOf, placeOf, placeOfEmbedding } from './model-choice.ts'
import { composeProductSpace } from './product-space.ts'
import { Signal, type Signals } from './signals.ts'

/** Photos analysed at once unless told otherwise: more than four only wait for the same two models. */
const MAX_DEFAULT_WORKERS = 4

export type Analysis = Awaited<ReturnType<typeof composeAnalysis>>

export async function composeAnalysis(
  config: Config,
  open: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  {
    entry,
    relay,
    texts,
    outages,
    newLibrary,
    blobs,
  }: {
    readonly entry: ProcessEntry
    readonly relay: Relay
    readonly texts: Pick<Texts, 'keeps'>
    readonly outages: Outages
    readonly newLibrary: string | null
    readonly blobs: LibraryBlobs
  },
) {
  const { db } = open
  if (config.decodeMemoryMb !== undefined) setDecodeMemory(new DecodeBudget(config.decodeMemoryMb * 1_000_000))
  // describing reports the lane that the pipeline runs its worker in
  let pipeline: Pipeline
  const describeChanged = new Signal()
  const gpus = watchGpus(childEnvironment())
  // where there is none, that is no fault
  const noticeGpus = async () => {
    const report = await gpus()
    return report.gpus.length > 0 && report.notice !== null ? [report.notice] : []
  }
  const models: ModelService = stack.use(
    await createModelService({
      db,
      modelDir: config.modelDir ?? join(config.dataDir, 'models'),
      hub: config.modelHub,
      download: config.modelDownload,
      embeddingModel: config.embeddingModel,
      basic: await chooseBasic(config.meaning, await sellsProducts(config, db)),
      device: config.device,
      log: (level, event, facts) => log[level](facts, event),
      onChanged: signals.modelsChanged.emit,
      alone: entry.holding,
    }),
  )
  const concurrency = config.workers ?? Math.min(MAX_DEFAULT_WORKERS, availableParallelism())
  const duplicates = new DuplicateIndex()
  const steps = createSteps({
    thumbnailSize: config.thumbnailSize,
    duplicates: { index: duplicates, threshold: config.duplicateThreshold },
  })
  const optionsWith = (chosen: Pick<ModelOptions, 'embedding' | 'chosen'>): AnalyserOptions => ({
    thumbnailSize: config.thumbnailSize,
    maxPixels: config.maxPixels,
    maxBytes: config.maxBytes,
    decodeTimeoutMs: config.decodeTimeoutMs,
    models: { device: config.device, ...chosen },
  })
  const analyserOptions = (embedding: ActiveModel | null): AnalyserOptions =>
    optionsWith({
      embedding: placeOfEmbedding(embedding),
      chosen: { faces: placeOf(models.chosen('faces')), tag: placeOf(models.chosen('tag')), detect: placeOf(models.chosen('detect')) },
    })
  const describing = stack.use(
    await createDescribing({
      db,
      log,
      steps,
      outages,
      settings: (purpose) => choiceSettings(config, purpose),
      processId: entry.id,
      openDescriber: (choice, purpose) => openDescriber(choice, config, purpose),
      available: createAvailable(config),
      language: config.language === 'simple' ? 'english' : config.language,
      readPreview: (sha256) => readBlob(blobs.renditions, renditionKey(sha256, 'preview')),
      refreshSearchDocument,
      lane: (purpose) => {
        const lane = () => pipeline.describeLane(PURPOSES[purpose].lane)
        return {
          status: () => lane().status(),
          wake: () => lane().wake(),
          due: () => lane().due(),
          perSecond: () => lane().perSecond(),
        }
      },
      onChanged: describeChanged.emit,
      relay,
    }),
  )
  const onNewPhoto = (trx: Trx, photoId: number) => insertFirstSteps(trx, photoId, steps, describing.parts)
  const ingest: Ingest = stack.use(
    await createIngest({
      db,
      originals: blobs.originals,
      dataDir: config.dataDir,
      limits: { maxBytes: config.maxBytes, formats: config.formats },
      watch: config.watch,
      alone: (act) => entry.doAlone(FOLDERS, act),
      onNewPhoto: async (trx, photoId) => {
        await onNewPhoto(trx, photoId)
        // findable by its name before it is analysed; a scan brings many at once
        await markDocumentsStale(trx, [photoId])
      },
      wake: () => {
        signals.stepsDue.emit()
        signals.photoDone.emit()
      },
      onSidecars: async (ids) => {
        await reprocess(db, { steps: ['metadata'], ids, model: undefined, state: undefined, reason: undefined })
        signals.stepsDue.emit()
      },
      outages,
      log,
    }),
  )
  pipeline = stack.use(
    createPipeline({
      db,
      renditions: blobs.renditions,
      owner: entry.id,
      concurrency,
      steps,
      modelIdOf: (capability) => modelIdOf(models, capability),
      analyserOptions: () => analyserOptions(models.active()),
      environment: childEnvironment(),
      locate: (photoId) => ingest.locate(photoId),
      onSettled: settleSearchDocument,
      onPhotoDone: signals.photoDone.emit,
      onIdle: signals.photoDone.flush,
      relay,
      describe: describing.parts,
      scanning: () => ingest.scanning(),
      notices: async () => [
        // said until it has its first photo
        ...((await isEmpty(db)) ? [...(newLibrary === null ? [] : [newLibrary]), ...models.firstNotice()] : []),
        ...(await ingest.notices()),
        ...(await noticeProblems(db)),
        ...(await noticeGpus()),
        ...[models.deviceNotice(), models.notice()].filter((notice) => notice !== null),
      ],
      outages,
      log,
    }),
  )
  signals.stepsDue.listen(() => pipeline.wake())
  describeChanged.listen(() => pipeline.onDescribeChanged())
  const queryEmbedder = stack.use(
    new QueryImageEmbedder({
      options: () => analyserOptions(models.active()),
      timeoutOf: (step) => steps[step].timeoutMs,
      environment: childEnvironment(),
      log,
    }),
  )
  signals.modelsChanged.listen(() => queryEmbedder.onModelsChanged())
  const filler = stack.use(
    new PhotoFiller({
      db,
      log,
      outages,
      step: steps.embedding,
      target: () => models.next(),
      analyserOptions: () => analyserOptions(models.next()),
      timeoutOf: (step) => steps[step].timeoutMs,
      environment: childEnvironment(),
      locate: (photoId) => ingest.locate(photoId),
      room: () => (pipeline.isBusy() ? 1 : concurrency),
    }),
  )
  const productSpace = composeProductSpace(open, stack, log, signals, {
    models,
    steps,
    ingest,
    outages,
    optionsWith,
    room: () => (pipeline.isBusy() ? 1 : concurrency),
  })
  const spaces = createSpaces({
    db,
    log,
    models,
    filler,
    step: steps.embedding,
    keptElsewhere: async (space) => (await texts.keeps(space)) ?? productSpace.keeps(space),
  })
  filler.whenFull(spaces.onFull)
  const tagger = stack.use(
    new Tagger({
      db,
      servingSpace: () => models.modelledSpace(),
      textEmbedder: () => models.textEmbedder(),
      markDocumentsStale,
      onTagged: signals.factsChanged.emit,
      outages,
      log,
    }),
  )
  const words = createWords({
    db,
    servingSpace: () => models.modelledSpace(),
    wake: () => tagger.wake(),
    onFacts: signals.factsChanged.emit,
  })
  signals.modelsChanged.listen(() => pipeline.onModelsChanged())
  signals.modelsChanged.listen(() => relay.tell('models'))
  signals.photoDone.listen(() => relay.tell('photos done'))
  // told on by whom it changes something, so it ends
  relay.on(
    'models',
    () =>
      void models.reload().catch((error: unknown) => log.warn({ err: describeError(error) }, 'which models were chosen could not be read')),
  )
  for (const signal of [signals.modelsChanged, signals.photoDone]) {
    signal.listen(() => filler.wake())
    signal.listen(() => tagger.wake())
  }
  return {
    steps,
    gpus,
    duplicates,
    models,
    ingest,
    onNewPhoto,
    pipeline,
    describing,
    queryEmbedder,
    filler,
    spaces,
    productSpace,
    tagger,
    words,
    optionsWith,
  }
}

/** Whether what is made of these pictures may be sold: stores or a maker of scenes were set up, or product pictures were taken in. */
async function sellsProducts({ stores, generate }: Config, db: Db): Promise<boolean> {
  if (stores !== undefined || generate !== undefined) return true
  return (await db.selectFrom('product_pictures').select('photo_id').limit(1).executeTakeFirst()) !== undefined
}

async function isEmpty(db: Db): Promise<boolean> {
  return (await db.selectFrom('photos').select('id').limit(1).executeTakeFirst()) === undefined
}
