/** @file The composition root: builds every part from the settings, hands each what it needs, and takes all down in reverse order. */
import packageFile from '../package.json' with { type: 'json' }
import { createAccounts } from './access/accounts.ts'
import { createLinks } from './access/links.ts'
import { makeSecret } from './access/secrets.ts'
import { createAudit } from './access/store-audit.ts'
import { createCredentials } from './access/store-credentials.ts'
import { createChanges } from './background/changes.ts'
import { enterProcess } from './background/process-entry.ts'
import { Relay } from './background/relay.ts'
import { Backups } from './backup/backups.ts'
import { copyBeforeMigration } from './backup/before-migration.ts'
import { refuseHalfRestored } from './backup/half-restored.ts'
import { composeAlbums, undoAlbums } from './compose/albums.ts'
import { composeAnalysis } from './compose/analysis.ts'
import { composeClusters, undoClusterMerge } from './compose/clusters.ts'
import { listContacts } from './compose/contacts.ts'
import { composeDuplicates } from './compose/duplicates.ts'
import { composeEditing } from './compose/editing.ts'
import { composeFinding } from './compose/finding.ts'
import { composeGenerating } from './compose/generating.ts'
import { composeLookUps } from './compose/look-ups.ts'
import { reportDescriber, reportModels } from './compose/model-choice.ts'
import { composePeople } from './compose/people.ts'
import { composeProducts } from './compose/products.ts'
import { composeRebuild } from './compose/rebuild.ts'
import { createSignals } from './compose/signals.ts'
import { composeTexts } from './compose/texts.ts'
import { composeTrash } from './compose/trash.ts'
import { composeTryOut } from './compose/try-out.ts'
import { composeVerify } from './compose/verify.ts'
import type { Config } from './config/schema.ts'
import { openDatabase } from './db/client.ts'
import { lockDataFolder } from './db/data-folder-lock.ts'
import { migrateToLatest } from './db/migrate.ts'
import { holdsLibrary, refuseNewLibrary, sayNewLibrary } from './db/new-library.ts'
import { hasReserve, makeReserve, RESERVE_BYTES } from './db/reserve.ts'
import { applySearchLanguage } from './document/store.ts'
import type { Actor } from './domain/actor.ts'
import { describeError, type FototecaError } from './domain/errors.ts'
import type { Log } from './domain/log.ts'
import type { Visibility } from './domain/visibility.ts'
import { readMade } from './generate/store-made.ts'
import { createHttpServer } from './http/server.ts'
import type { Services } from './http/services.ts'
import type { Ingest } from './ingest/ingest.ts'
import { Maintenance } from './jobs/maintenance.ts'
import { StorageWatch } from './jobs/storage-watch.ts'
import { prepareLexicon } from './lexicon/broader.ts'
import { createDownloads } from './library/downloads.ts'
import { findOriginals } from './library/export/find-entries.ts'
import { createLibrary } from './library/library.ts'
import { pingDatabase } from './library/store-sources.ts'
import { chooseDevice } from './models/onnx/probe-device.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import { createPersonsWords } from './product/persons-words.ts'
import { openLibraryBlobs } from './storage/library-blobs.ts'

export interface App extends AsyncDisposable {
  readonly services: Services
  readonly http: Awaited<ReturnType<typeof createHttpServer>>
  readonly ingest: Ingest
  readonly pipeline: Pipeline
  /** for a person: one was made in an empty data folder; null: there was one */
  readonly newLibrary: string | null
  /** settles when the process must end: the database died under it */
  readonly failed: Promise<FototecaError>
  announce(url: string): Promise<void>
  /** lets the command line in that has this library open itself, or may read its data folder */
  readonly localSecret: string
  /** Begins to work: interrupted photos first, then what is due; models download in the background when that is allowed. */
  start(): Promise<void>
}

export interface AppOptions {
  /** which photos there are for whom (ADR 82); all for everybody without it */
  readonly visibleTo?: (actor: Actor) => Visibility
  readonly log: Log
  /** folder of the built page */
  readonly webDir: string
}

/** @throws FototecaError `data_folder_in_use`, `config`, `unavailable` with a sentence for a person */
export async function createApp(given: Config, { log, webDir, visibleTo }: AppOptions): Promise<App> {
  const stack = new AsyncDisposableStack()
  try {
    const runsOn = await chooseDevice(given.device)
    log.info(runsOn, 'models run here')
    const config = { ...given, device: runsOn.device }
    const isNew = !(await holdsLibrary(config.dataDir))
    if (isNew && config.dataMustExist === 'on') refuseNewLibrary(config.dataDir)
    const lock = stack.use(await lockDataFolder(config.dataDir, { isShared: config.databaseUrl !== undefined }))
    await refuseHalfRestored(config.dataDir)
    const open = stack.use(await openDatabase(config))
    const { dataDir } = config
    const minFreeBytes = config.minFreeMb * 1_000_000
    await migrateToLatest(open.db, {
      ...(config.copyBeforeMigration === 'off' ? {} : { beforeChange: () => copyBeforeMigration({ open, dataDir, minFreeBytes, log }) }),
    })
    const maintenance = stack.use(new Maintenance(open, log))
    const blobs = stack.use(await openLibraryBlobs(config))
    const storage = stack.use(
      new StorageWatch({
        dataDir,
        pingBlobs: blobs.bucket === null ? undefined : () => blobs.originals.stat('ping'),
        minFreeBytes,
        ping: () => pingDatabase(open.db),
        reserve: open.engine === 'pglite' ? { bytes: RESERVE_BYTES, has: hasReserve, make: makeReserve } : null,
        log,
      }),
    )
    const relay = stack.use(new Relay(open, { log, outages: storage }))
    const entry = stack.use(
      await enterProcess(open, {
        ...{ dataDir, relay, log, roles: config.roles },
        ...{ isAlone: lock.isAlone, version: packageFile.version, outages: storage },
      }),
    )
    const signals = createSignals()
    signals.photoDone.listen(() => maintenance.onPhotoDone())
    const newLibrary = isNew ? sayNewLibrary(dataDir) : null
    const texts = composeTexts(config, open, stack, log, signals, storage)
    const analysis = await composeAnalysis(config, open, stack, log, signals, {
      ...{ entry, relay, texts, outages: storage, newLibrary, blobs },
    })
    const { ingest, models, pipeline, spaces, describing, tagger } = analysis
    const {
      findPhotos,
      findNear,
      countCategories,
      start: startFinding,
      warming,
      ...finding
    } = composeFinding(config, open, stack, log, signals, analysis, texts, relay)
    const { faceAssigner, people } = composePeople(blobs, open, stack, log, signals, storage)
    const productWords = createPersonsWords(open.db)
    const undoers = {
      people: people.undo,
      products: productWords.undo,
      clusters: undoClusterMerge(open, signals),
      vocabulary: analysis.words.undo,
      albums: undoAlbums(open, signals),
    }
    const { rebuilder, writeRecords } = composeRebuild(config, open, stack, log, signals, analysis)
    const { background, copyWithMetadata, ...editing } = composeEditing(config, open, stack, log, signals, {
      ingest,
      findPhotos,
      undoers,
      writeRecords,
    })
    const { savedSearches, ...albums } = composeAlbums(blobs, open, stack, log, signals, {
      search: finding.search,
      findPhotos,
    })
    const credentials = createCredentials(open.db, config.token, log)
    const accounts = createAccounts(open.db, credentials)
    const audit = createAudit(open.db, log)
    stack.defer(() => audit.settle())
    const links = await createLinks(open.db, {
      isOn: () => config.token !== undefined || accounts.areThere,
      days: config.links === 'permanent' ? null : config.linkDays,
    })
    const { sign } = links
    const {
      stores,
      products,
      catalogue,
      fetchPicture,
      storeOf,
      storeNames,
      storeSettings,
      putInStore,
      moveInStore,
      start: startProducts,
      keeping,
    } = await composeProducts(config, open, stack, log, signals, { ...analysis, processId: entry.id, findNear, words: productWords, sign })
    const generating = composeGenerating(config, open, stack, log, {
      processId: entry.id,
      outages: storage,
      ingest,
      held: blobs.held,
      models,
      sign,
      putInStore,
      moveInStore,
      stores: storeNames,
    })
    const { clustering, ...clusters } = composeClusters(blobs, open, stack, log, signals, analysis)
    const { duplicates, comparing } = composeDuplicates(config, open, stack, log, signals, { models, edits: editing.edits })
    const { trash, emptying } = composeTrash(config, open, stack, log, signals, {
      ingest,
      onNewPhoto: analysis.onNewPhoto,
      edits: editing.edits,
      renditions: blobs.renditions,
    })
    const verifier = composeVerify(config, open, stack, log, { ingest, pipeline, outages: storage, blobs })
    const lookUps = composeLookUps(open, stack, log, signals)
    const backups = stack.use(
      new Backups({ open, dataDir, blobs, stores: config.stores, productProfile: config.productProfile, minFreeBytes, log }),
    )
    for (const task of [
      ingest.watching,
      background,
      tagger.task,
      analysis.filler.task,
      analysis.productSpace.task,
      describing.comparing,
      ...(texts.task ? [texts.task] : []),
      faceAssigner.task,
      savedSearches.task,
      clustering.task,
      ...comparing.tasks,
      emptying,
      generating.lane.task,
      maintenance.task,
    ])
      entry.share(task)
    entry.show(relay.task, ...pipeline.tasks, warming, keeping)
    const changes = createChanges(relay)
    signals.factsChanged.listen(() => changes.tell('photos'))
    const services: Services = {
      changes,
      tasks: () => entry.report(),
      accounts,
      credentials,
      audit,
      hasToken: config.token !== undefined,
      links,
      library: createLibrary(open, { readMade, countCategories }),
      backups,
      outages: storage,
      ingest,
      ...finding,
      ...editing,
      ...albums,
      ...clusters,
      duplicates,
      trash,
      verify: verifier,
      rebuild: rebuilder,
      people,
      models: { ...models, use: (name) => spaces.useModel(name) },
      tryModel: composeTryOut(open, log, analysis),
      spaces,
      words: analysis.words,
      gpus: analysis.gpus,
      runsOn,
      pipeline: {
        progress: (sees) => pipeline.progress(sees),
        queue: () => pipeline.queue(),
        pauseQueue: (lane, isPaused) => pipeline.pauseQueue(lane, isPaused),
        pauseUpgrade: (isPaused) => pipeline.pauseUpgrade(isPaused),
        lanes: async () => {
          const lanes = [...(await pipeline.lanes()), await tagger.lane(), await faceAssigner.lane(), await generating.lane.report()]
          const outage = storage.current()
          return outage ? lanes.map((lane) => (lane.state === 'off' ? lane : { ...lane, state: 'paused', reason: outage.reason })) : lanes
        },
        retry: (sees, photoId) => pipeline.retry(sees, photoId),
        failures: (sees) => pipeline.failures(sees),
        retryFailures: (sees, choice, isDryRun) => pipeline.retryFailures(sees, choice, isDryRun),
        models: () => [...reportModels(models), reportDescriber(describing.service)],
      },
      describe: describing.services,
      describedLeaves: describing.leaves,
      texts,
      contacts: () =>
        listContacts(config, {
          describers: describing.sendsTo(),
          texts: texts.sendsTo(),
          maker: generating.sendsTo,
          stores: storeSettings,
        }),
      comparisons: describing.comparisons,
      generations: generating.service,
      fetchPicture,
      storeOf,
      stores,
      products,
      catalogue,
      downloads: createDownloads((sees, ids) => findOriginals({ db: open.db, blobs }, sees, ids)),
      files: { copyWithMetadata, renditions: blobs.renditions },
    }
    await storage.start()
    storage.onOver(() => {
      pipeline.wake()
      background.wake()
    })
    const localSecret = makeSecret()
    const http = stack.use(await createHttpServer({ config, services, log, webDir, localSecret, ...(visibleTo ? { visibleTo } : {}) }))
    stack.defer(() => signals.photoDone.close())
    const prepareAnswers = () => {
      prepareLexicon().catch((error: unknown) => log.warn({ err: describeError(error) }, 'the word list could not be read yet'))
      // the first search must not wait for the text tower to load
      models.textEmbedder().catch((error: unknown) => log.warn({ err: describeError(error) }, 'the text tower could not be loaded yet'))
      startFinding().catch((error: unknown) => log.warn({ err: describeError(error) }, 'the vectors could not be read into memory yet'))
    }
    const closing = stack.move()
    return {
      services,
      http,
      ingest,
      pipeline,
      newLibrary,
      failed: open.failed,
      localSecret,
      announce: (url) => lock.announce({ url, secret: localSecret }),
      start: async () => {
        await relay.start()
        if (!entry.isWorker) return prepareAnswers()
        await pipeline.start()
        background.wake()
        comparing.start()
        lookUps.start()
        emptying.start()
        await verifier.start()
        await rebuilder.start()
        tagger.wake()
        savedSearches.wake()
        clustering.wake()
        faceAssigner.wake()
        analysis.filler.start()
        describing.start()
        texts.start()
        startProducts()
        generating.lane.start()
        models.startAutoDownload()
        models.startMeasuring(() => pipeline.isBusy())
        prepareAnswers()
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
