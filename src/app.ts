/** @file The composition root: builds every part from the settings, hands each what it needs, and takes all down in reverse order. */
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { childEnvironment } from './config/load.ts'
import type { Config } from './config/schema.ts'
import type { ModelReport } from './contract/library.ts'
import type { ReprocessRequest } from './contract/reprocess.ts'
import type { SearchQuery, SuggestQuery } from './contract/search.ts'
import type { ChosenTask } from './contract/words.ts'
import { type OpenDatabase, openDatabase } from './db/client.ts'
import { lockDataFolder } from './db/data-folder-lock.ts'
import { migrateToLatest } from './db/migrate.ts'
import type { DescribeService } from './describe/describe-service.ts'
import { createDescribing } from './describe/describing.ts'
import { listAvailable } from './describe/list-available.ts'
import { describeError, type FototecaError } from './domain/errors.ts'
import type { Log } from './domain/log.ts'
import { BackgroundEdits } from './edit/background.ts'
import { createCategories } from './edit/categories.ts'
import { createEdits } from './edit/edits.ts'
import { createWriteBack } from './edit/write-back.ts'
import { DuplicateIndex } from './group/duplicates/duplicate-index.ts'
import { createHttpServer } from './http/server.ts'
import type { RenditionKind, Services } from './http/services.ts'
import { createIngest, type Ingest } from './ingest/ingest.ts'
import { Maintenance } from './jobs/maintenance.ts'
import { createDownloads } from './library/downloads.ts'
import { createLibrary } from './library/library.ts'
import { readDownloadFiles } from './library/store-downloads.ts'
import { previewPath, renditionDir, thumbnailPath } from './media/rendition-paths.ts'
import type { StepCapability } from './models/capability.ts'
import { findTextCutOff } from './models/cut-offs.ts'
import { type ActiveModel, createModelService, type ModelChoice, type ModelService } from './models/model-service.ts'
import { openDescriber } from './models/open-describer.ts'
import { BUILTIN_INFO, type ModelOptions } from './models/registry.ts'
import type { AnalyserOptions } from './pipeline/analyser/protocol.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'
import { PhotoFiller } from './pipeline/spaces/photo-filler.ts'
import { createSpaces, type Spaces } from './pipeline/spaces/spaces.ts'
import { createSteps } from './pipeline/steps.ts'
import { Tagger } from './pipeline/tagging/tagger.ts'
import { createWords } from './pipeline/tagging/words.ts'
import { FacetIndex } from './search/facet-index.ts'
import { createFacets } from './search/facets.ts'
import { SearchMemory } from './search/memory.ts'
import { findPhotoIds, runSearch, type SearchDeps } from './search/run-search.ts'
import { applySearchLanguage, markDocumentsStale, refreshSearchDocument } from './search/store-document.ts'
import { findSuggestions } from './search/suggest.ts'

/** Photos analysed at once unless told otherwise: more than four only wait for the same two models. */
const MAX_DEFAULT_WORKERS = 4

const RENDITION_PATHS = { thumbnail: thumbnailPath, preview: previewPath } satisfies Record<RenditionKind, (dir: string) => string>

export interface App extends AsyncDisposable {
  readonly services: Services
  readonly http: Awaited<ReturnType<typeof createHttpServer>>
  readonly ingest: Ingest
  readonly pipeline: Pipeline
  /** settles when the process must end: the database died under it */
  readonly failed: Promise<FototecaError>
  announce(url: string): Promise<void>
  /** Begins to work: interrupted photos first, then what is due; models download in the background when that is allowed. */
  start(): Promise<void>
}

export interface AppOptions {
  readonly log: Log
  /** folder of the built page */
  readonly webDir: string
}

/** @throws FototecaError `data_folder_in_use`, `config`, `unavailable` with a sentence for a person */
export async function createApp(config: Config, { log, webDir }: AppOptions): Promise<App> {
  const stack = new AsyncDisposableStack()
  try {
    const lock = stack.use(await lockDataFolder(config.dataDir))
    const open = stack.use(await openDatabase(config))
    await migrateToLatest(open.db)
    const parts = await composeParts(config, open, stack, log)
    const { ingest, models, pipeline, spaces, filler } = parts
    const library = createLibrary(open)
    const services: Services = {
      library,
      ingest,
      search: parts.search,
      facets: parts.facets,
      suggest: parts.suggest,
      edits: parts.edits,
      categories: parts.categories,
      activeSpace: async () => (await parts.activeSpace())?.name ?? null,
      models: { ...models, use: (name) => spaces.useModel(name) },
      spaces,
      reprocess: parts.reprocess,
      words: parts.words,
      pipeline: {
        progress: () => pipeline.progress(),
        lanes: async () => [...(await pipeline.lanes()), await parts.tagger.lane()],
        retry: (photoId) => pipeline.retry(photoId),
        failures: () => pipeline.failures(),
        retryFailures: (choice, isDryRun) => pipeline.retryFailures(choice, isDryRun),
        models: () => [...reportModels(models), reportDescriber(parts.describing.service)],
      },
      describe: parts.describing.service,
      comparisons: parts.describing.comparisons,
      downloads: createDownloads((ids) => readDownloadFiles(open.db, ids), ingest.uploadDir),
      files: {
        copyWithMetadata: (photoId) => parts.writeBack.copyWithMetadata(photoId),
        renditionPath: (sha256, kind) => RENDITION_PATHS[kind](renditionDir(config.dataDir, sha256)),
      },
    }
    const http = stack.use(await createHttpServer({ config, services, log, webDir }))
    const closing = stack.move()
    return {
      services,
      http,
      ingest,
      pipeline,
      failed: open.failed,
      announce: (url) => lock.announce({ url }),
      start: async () => {
        await pipeline.start()
        parts.background.wake()
        parts.tagger.wake()
        filler.start()
        parts.describing.start()
        models.startAutoDownload()
        // the first search must not wait for the text tower to load
        models.textEmbedder().catch((error: unknown) => log.warn({ err: describeError(error) }, 'the text tower could not be loaded yet'))
        applySearchLanguage(open.db, config.language).catch((error: unknown) =>
          log.error({ err: describeError(error) }, 'the search language could not be applied'),
        )
      },
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function composeParts(config: Config, open: OpenDatabase, stack: AsyncDisposableStack, log: Log) {
  const { db } = open
  const maintenance = stack.use(new Maintenance(open, log))
  // parts that wake each other are tied here, by name, after both exist
  let pipeline: Pipeline
  let background: BackgroundEdits
  let tagger: Tagger
  let spaces: Spaces
  let filler: PhotoFiller
  const models: ModelService = stack.use(
    await createModelService({
      db,
      modelDir: config.modelDir ?? join(config.dataDir, 'models'),
      hub: config.modelHub,
      download: config.modelDownload,
      embeddingModel: config.embeddingModel,
      device: config.device,
      log: (level, event, facts) => log[level](facts, event),
      onChanged: () => {
        pipeline.onModelsChanged()
        filler.wake()
        tagger.wake()
      },
    }),
  )
  const concurrency = config.workers ?? Math.min(MAX_DEFAULT_WORKERS, availableParallelism())
  const steps = createSteps({
    thumbnailSize: config.thumbnailSize,
    duplicates: { index: new DuplicateIndex(), threshold: config.duplicateThreshold },
  })
  const analyserOptions = (embedding: ActiveModel | null): AnalyserOptions => ({
    thumbnailSize: config.thumbnailSize,
    maxPixels: config.maxPixels,
    maxBytes: config.maxBytes,
    decodeTimeoutMs: config.decodeTimeoutMs,
    models: {
      device: config.device,
      embedding: embedding && { folder: embedding.folder, threads: embedding.threads },
      chosen: { faces: placeOf(models.chosen('faces')), tag: placeOf(models.chosen('tag')), detect: placeOf(models.chosen('detect')) },
    },
  })
  const describing = stack.use(
    await createDescribing({
      db,
      log,
      steps,
      settings: config,
      openDescriber: (choice) => openDescriber(choice, config),
      available: () => listAvailable(config),
      language: config.language === 'simple' ? 'english' : config.language,
      previewPath: (sha256) => previewPath(renditionDir(config.dataDir, sha256)),
      refreshSearchDocument,
      lane: {
        status: () => pipeline.describeLane.status(),
        wake: () => pipeline.describeLane.wake(),
        due: () => pipeline.describeLane.due(),
        perSecond: () => pipeline.describeLane.perSecond(),
      },
      onChanged: () => pipeline.onDescribeChanged(),
    }),
  )
  const ingest: Ingest = stack.use(
    await createIngest({
      db,
      dataDir: config.dataDir,
      limits: { maxBytes: config.maxBytes, formats: config.formats },
      watch: config.watch,
      onNewPhoto: async (trx, photoId) => {
        await pipeline.onNewPhoto(trx, photoId)
        await refreshSearchDocument(trx, photoId)
      },
      wake: () => pipeline.wake(),
      log,
    }),
  )
  pipeline = stack.use(
    createPipeline({
      db,
      dataDir: config.dataDir,
      owner: `${hostname()}:${config.dataDir}`,
      concurrency,
      steps,
      modelIdOf: (capability) => modelIdOf(models, capability),
      analyserOptions: () => analyserOptions(models.active()),
      environment: childEnvironment(),
      locate: (photoId) => ingest.locate(photoId),
      onSettled: refreshSearchDocument,
      onPhotoDone: () => {
        maintenance.onPhotoDone()
        background.wake()
        tagger.wake()
        filler.wake()
      },
      describe: { worker: describing.worker, isOn: describing.service.isOn, expected: describing.service.expected },
      scanning: () => ingest.scanning(),
      notices: async () => {
        const sources = await ingest.sources()
        return [...sources.flatMap((source) => source.notice ?? []), ...(models.notice() ? [models.notice() as string] : [])]
      },
      log,
    }),
  )
  filler = stack.use(
    new PhotoFiller({
      db,
      log,
      step: steps.embedding,
      target: () => models.next(),
      analyserOptions: () => analyserOptions(models.next()),
      timeoutOf: (step) => steps[step].timeoutMs,
      environment: childEnvironment(),
      locate: (photoId) => ingest.locate(photoId),
      room: () => (pipeline.isBusy() ? 1 : concurrency),
      onFull: (target, spaceId) => spaces.onFull(target, spaceId),
    }),
  )
  spaces = createSpaces({ db, log, models, filler, step: steps.embedding })
  const searchDeps: SearchDeps = {
    db,
    language: config.language,
    textEmbedder: () => models.textEmbedder(),
    semanticNotice: () => models.notice(),
    // the embedder follows the space that answers
    activeSpace: () => models.servingSpace(),
    memory: new SearchMemory(),
    cutOff: findTextCutOff,
  }
  const search = (query: SearchQuery) => runSearch(searchDeps, query)
  const facetIndex = new FacetIndex()
  const facets = createFacets(searchDeps, facetIndex)
  const suggest = (query: SuggestQuery) => findSuggestions(db, facetIndex, query)
  const writeBack = createWriteBack({
    db,
    dataDir: config.dataDir,
    mode: config.writeBack,
    log,
    locate: (photoId) => ingest.locate(photoId),
  })
  background = stack.use(new BackgroundEdits(db, log, [writeBack.step]))
  const reprocess = async ({ photos, dry_run, ...choice }: ReprocessRequest) => {
    const ids = photos === undefined ? undefined : 'ids' in photos ? photos.ids : await findPhotoIds(searchDeps, photos.search)
    return pipeline.reprocess({ ...choice, ids }, dry_run)
  }
  const wake = () => background.wake()
  tagger = stack.use(
    new Tagger({
      db,
      servingSpace: () => models.servingSpace(),
      textEmbedder: () => models.textEmbedder(),
      markDocumentsStale,
      onTagged: wake,
      log,
    }),
  )
  const words = createWords({ db, servingSpace: () => models.servingSpace(), wake: () => tagger.wake() })
  const edits = createEdits({ db, findPhotos: (query) => findPhotoIds(searchDeps, query), wake })
  const categories = createCategories(db, wake)
  return {
    ingest,
    models,
    pipeline,
    spaces,
    filler,
    reprocess,
    tagger,
    words,
    edits,
    categories,
    background,
    writeBack,
    search,
    describing,
    facets,
    suggest,
    activeSpace: searchDeps.activeSpace,
  }
}

/** Steps whose model is one of several to choose from. */
const TASK_OF = { 'find-faces': 'faces', 'find-objects': 'detect', tag: 'tag' } as const satisfies Partial<
  Record<StepCapability, ChosenTask>
>

/** Null: none is there, so what asks for it waits. */
function modelIdOf(models: ModelService, capability: StepCapability): string | null {
  if (capability === 'embed-image') return models.active()?.info.id ?? null
  const choice: ModelChoice = capability in TASK_OF ? models.chosen(TASK_OF[capability as keyof typeof TASK_OF]) : { kind: 'built-in' }
  if (choice.kind === 'built-in') return BUILTIN_INFO[capability]?.id ?? null
  return choice.kind === 'installed' ? choice.info.id : null
}

function placeOf(choice: ModelChoice): ModelOptions['chosen'][ChosenTask] {
  if (choice.kind === 'built-in') return 'built-in'
  return choice.kind === 'installed' ? { folder: choice.folder, threads: choice.threads } : { missing: choice.reason }
}

/** Off is no fault: nobody asked for descriptions. */
function reportDescriber(describe: DescribeService): z.infer<typeof ModelReport> {
  const info = describe.active()?.gate.describer.info
  return { capability: 'describe', model: info?.id ?? null, licence: info?.licence ?? null, notice: describe.notice() }
}

/** Which model answers for each capability, or why none does. */
function reportModels(models: ModelService): z.infer<typeof ModelReport>[] {
  const reader = {
    capability: 'read-text' as const,
    model: BUILTIN_INFO['read-text'].id,
    licence: BUILTIN_INFO['read-text'].licence,
    notice: null,
  }
  const chosen = (['find-objects', 'tag', 'find-faces'] as const).map((capability) => {
    const choice = models.chosen(TASK_OF[capability])
    const info = choice.kind === 'built-in' ? BUILTIN_INFO[capability] : choice.kind === 'installed' ? choice.info : null
    return { capability, model: info?.id ?? null, licence: info?.licence ?? null, notice: choice.kind === 'missing' ? choice.reason : null }
  })
  const active = models.active()
  const embedding = (['embed-image', 'embed-text'] as const).map((capability) => ({
    capability,
    model: active?.info.id ?? null,
    licence: active?.info.licence ?? null,
    notice: models.notice(),
  }))
  return [...chosen, reader, ...embedding]
}
