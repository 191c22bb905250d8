/** @file The HTTP server over a real test database, with real ingest, search and reads. Only the pipeline and the model hub are absent. */

import { createAccounts } from '../../src/access/accounts.ts'
import { createLinks, type Links } from '../../src/access/links.ts'
import { createAudit } from '../../src/access/store-audit.ts'
import { createCredentials } from '../../src/access/store-credentials.ts'
import type { DescribeReport } from '../../src/contract/describe.ts'
import type { GenerationOptions } from '../../src/contract/generate.ts'
import type { FacetsQuery, SearchQuery } from '../../src/contract/search.ts'
import type { Purpose } from '../../src/contract/words.ts'
import { markDocumentsStale } from '../../src/document/store.ts'
import type { Actor } from '../../src/domain/actor.ts'
import { FototecaError } from '../../src/domain/errors.ts'
import { type Log, silentLog } from '../../src/domain/log.ts'
import { NO_OUTAGES } from '../../src/domain/outage.ts'
import type { Visibility } from '../../src/domain/visibility.ts'
import { createEditsTask } from '../../src/edit/background.ts'
import { createCategories } from '../../src/edit/categories.ts'
import { createEdits, type EditsDeps } from '../../src/edit/edits.ts'
import { createSources, returnSources } from '../../src/edit/sources.ts'
import { applyTrash } from '../../src/edit/store-groups.ts'
import { createTrash } from '../../src/edit/trash.ts'
import { createWriteBack } from '../../src/edit/write-back.ts'
import { readMade } from '../../src/generate/store-made.ts'
import { createAlbums } from '../../src/group/albums/albums.ts'
import { SavedSearches } from '../../src/group/albums/saved-searches.ts'
import { createSimilarAlbums } from '../../src/group/albums/similar-albums.ts'
import { undoAlbumChange } from '../../src/group/albums/undo-change.ts'
import { createClusters } from '../../src/group/clusters/clusters.ts'
import type { LabelDeps } from '../../src/group/clusters/label-clusters.ts'
import { undoMerge } from '../../src/group/clusters/merge-clusters.ts'
import { createDuplicates } from '../../src/group/duplicates/duplicates.ts'
import { createPeople } from '../../src/group/people/people.ts'
import { createTrips } from '../../src/group/trips/trips.ts'
import type { Limits } from '../../src/http/limits.ts'
import type { BodyTimeouts } from '../../src/http/plugins/body-timeouts.ts'
import { createHttpServer } from '../../src/http/server.ts'
import type { Services } from '../../src/http/services.ts'
import { createDownloads } from '../../src/library/downloads.ts'
import { createExports } from '../../src/library/export/exports.ts'
import { createEntryFinder, findOriginals } from '../../src/library/export/find-entries.ts'
import { createKeptLists } from '../../src/library/export/kept-lists.ts'
import { createLibrary } from '../../src/library/library.ts'
import { ensureFacePicture } from '../../src/media/face-picture.ts'
import { findPictureCutOff } from '../../src/models/spaces/cut-offs.ts'
import { listFailures, retryFailures } from '../../src/pipeline/failure-ledger.ts'
import { reprocess } from '../../src/pipeline/reprocess-ledger.ts'
import { createWords } from '../../src/pipeline/tagging/words.ts'
import { createPersonsWords } from '../../src/product/persons-words.ts'
import { Rebuilder } from '../../src/rebuild/rebuilder.ts'
import { createRecordWriter } from '../../src/rebuild/record-writer.ts'
import { FacetIndex } from '../../src/search/facet-index.ts'
import { createFacets } from '../../src/search/facets.ts'
import { KeptAnswers } from '../../src/search/kept-answers.ts'
import { SearchMemory } from '../../src/search/memory.ts'
import { createPoints } from '../../src/search/points.ts'
import { findPhotoIds, runSearch } from '../../src/search/run-search.ts'
import type { SearchDeps } from '../../src/search/search-deps.ts'
import { findSuggestions } from '../../src/search/suggest.ts'
import { openLibraryBlobs } from '../../src/storage/library-blobs.ts'
import { Verifier } from '../../src/verify/verifier.ts'
import type { TestDatabase } from './database.ts'
import { openTestIngest } from './ingest.ts'

/** the limit of `openTestIngest` too */
export const MAX_TEST_BYTES = 100_000
export const NO_MODEL = 'no model for search by meaning is installed'

const DESCRIBING_OFF: Omit<DescribeReport, 'purpose'> = {
  on: false,
  describer: null,
  model: null,
  leaves: 'Nothing leaves this machine.',
  photos: 'new',
  paused: false,
  fixed: [],
  limits: { preview_px: 1440, concurrency: 2, per_minute: null, tokens_per_day: null, cost_per_day: null },
  lane: { state: 'off', reason: null, until: null, trouble: null, due: 0, working_on: [], per_minute: null, seconds_left: null },
  cost_notice: null,
  circuit: null,
  split: null,
  described: { any: 0, current: 0 },
  run: null,
  available: [],
  today: { day: '2026-01-01', calls: 0, failures: 0, input_tokens: 0, output_tokens: 0, cost: 0, estimated_cost: 0, currency: null },
}
const MAKING_OFF: GenerationOptions = {
  types: [],
  products: [],
  maker: null,
  leaves: 'Nothing leaves this machine.',
  made_today: 0,
  per_day: 0,
  per_scene: { tokens: null, cost: null },
  stores: [],
}

export interface TestServerOptions {
  readonly clusterDescriber?: LabelDeps['describer']
  readonly token?: string
  readonly links?: Links
  readonly trustProxy?: readonly string[]
  readonly host?: string
  readonly allowedOrigins?: readonly string[]
  readonly webDir?: string
  readonly log?: Log
  readonly bodyTimeouts?: BodyTimeouts
  readonly limits?: Limits
  readonly visibleTo?: (actor: Actor) => Visibility
  readonly changes?: Services['changes']
  /** replaces some services; gets those it would replace */
  readonly services?: (real: Services) => Partial<Services>
}

export async function openTestServer(database: TestDatabase, options: TestServerOptions = {}) {
  const { db, dataDir } = database
  const blobs = await openLibraryBlobs({ dataDir })
  const ingest = await openTestIngest(db, dataDir)
  const none = () => Promise.reject(new FototecaError('not_found', 'there is no such thing'))
  const describingOff = (purpose: Purpose): Services['describe'][Purpose] => ({
    ...{ use: none, ask: none, pause: none, resume: none, cancel: none, run: none, switchTo: none },
    report: async () => ({ purpose, ...DESCRIBING_OFF }),
  })
  const answers = new KeptAnswers()
  const searchDeps: SearchDeps = {
    db,
    textEmbedder: async () => null,
    semanticNotice: () => NO_MODEL,
    activeSpace: async () => null,
    language: 'english',
    memory: new SearchMemory(),
    answers,
  }
  const writeRecords = createRecordWriter({ db, dataDir, isHeld: () => rebuilder.isUnfinished() })
  const background = createEditsTask(db, silentLog, [writeRecords])
  const writeBack = createWriteBack({ db, dataDir, mode: 'off', log: silentLog, locate: (photoId) => ingest.locate(photoId) })
  const wake = () => background.wake()
  const facetIndex = new FacetIndex()
  const findPhotos = (sees: Visibility, query: FacetsQuery) => findPhotoIds(searchDeps, sees, query)
  const search = (sees: Visibility, query: SearchQuery) => runSearch(searchDeps, sees, query)
  const savedSearches = new SavedSearches({ db, log: silentLog, findPhotos, pauseMs: 10 })
  const albums = createAlbums({ db, findPhotos, search, fill: savedSearches.fill, onChanged: savedSearches.wake })
  const people = createPeople({
    db,
    wake,
    wakeFaceAssigner: () => {},
    anew: async () => {},
    facePicture: ({ sha256, box }) => ensureFacePicture(blobs.renditions, sha256, box),
  })
  const words = createWords({ db, servingSpace: async () => null, wake: () => {}, onFacts: wake })
  const undoers: EditsDeps['undoers'] = {
    people: people.undo,
    products: createPersonsWords(db).undo,
    clusters: (actor, edit) => undoMerge(db, actor, edit),
    vocabulary: words.undo,
    albums: (actor, edit) => undoAlbumChange(db, actor, edit),
  }
  const onUndo: EditsDeps['onUndo'] = async (trx, editId) => {
    const returned = await returnSources(trx, editId)
    return () => void Promise.all(returned.map((id) => ingest.watch(id)))
  }
  const edits = createEdits({ db, findPhotos, wake, onUndo, undoers })
  const verifier = new Verifier({
    db,
    originals: blobs.originals,
    renditions: blobs.renditions,
    locate: (photoId) => ingest.locate(photoId),
    renew: (photoId) => reprocess(db, { steps: ['prepare'], ids: [photoId], model: undefined, state: undefined, reason: undefined }),
    everyDays: 0,
    mbPerSecond: 0,
    isBusy: () => false,
    outages: NO_OUTAGES,
    log: silentLog,
  })
  const rebuilder = new Rebuilder({
    db,
    dataDir,
    ingest,
    addFolder: async (path) => {
      const { id } = await ingest.addFolder(path)
      await ingest.scan(id)
    },
    onRestored: async (trx, photoId) => {
      await markDocumentsStale(trx, [photoId])
      await applyTrash(trx, [photoId])
    },
    wake,
    log: silentLog,
  })
  const credentials = createCredentials(db, options.token, silentLog)
  const accounts = createAccounts(db, credentials)
  const services: Services = {
    verify: verifier,
    changes: options.changes ?? { follow: () => () => {} },
    tasks: async () => ({ process: 'test', processes: [], tasks: [] }),
    rebuild: rebuilder,
    credentials,
    accounts,
    audit: createAudit(db, silentLog),
    hasToken: options.token !== undefined,
    links: options.links ?? (await createLinks(db, { isOn: () => options.token !== undefined || accounts.areThere, days: 7 })),
    library: createLibrary(database, { readMade }),
    outages: NO_OUTAGES,
    ingest,
    search,
    searchByPicture: none,
    facets: createFacets(searchDeps, facetIndex),
    ...createPoints(db),
    suggest: (sees, query) => findSuggestions(db, facetIndex, sees, query),
    edits,
    sources: createSources({ db, ingest, edits, log: silentLog }),
    trash: createTrash({
      db,
      dataDir,
      renditions: blobs.renditions,
      log: silentLog,
      edits,
      removeBlob: (path) => ingest.removeBlob(path),
      onNewPhoto: async () => {},
      onChanged: () => {},
    }),
    duplicates: createDuplicates({
      db,
      edit: async (actor, edit) => (await edits.plan(actor, edit)).id,
      compared: async () => ({ space: null, due: 0, running: false }),
      compare: () => {},
    }),
    people,
    categories: createCategories(db, wake),
    albums,
    similarAlbums: createSimilarAlbums({ db, search, cutOff: findPictureCutOff }),
    clusters: createClusters({
      db,
      clustering: { isRunning: false, run: async () => {} },
      describer: options.clusterDescriber ?? (() => null),
      onChanged: () => {},
    }),
    trips: createTrips(db),
    exports: createExports({
      db,
      choose: async (sees, photos) =>
        'ids' in photos ? photos.ids : 'album' in photos ? albums.ids(sees, photos.album) : findPhotos(sees, photos.search),
      findEntries: createEntryFinder({ db, blobs }),
      lists: createKeptLists(blobs.exports, Date.now),
    }),
    searchMemory: () => {
      const { asked, kept } = answers.use
      const unused = { asked: 0, kept: 0, hit_rate: null }
      const own = { asked, kept, hit_rate: asked === 0 ? null : kept / asked }
      return { answers: own, filters: unused, words: unused, encoded: unused }
    },
    activeSpace: async () => null,
    models: { list: async () => [], pull: none, use: none, importFolder: none, measure: none, remove: none, deviceNotice: () => null },
    reprocess: none,
    tryModel: none,
    spaces: { list: async () => [], use: none, rollBack: none, pause: none, resume: none, drop: none },
    words,
    runsOn: { device: 'cpu', reason: 'DEVICE=cpu' },
    gpus: async () => ({ gpus: [], notice: null }),
    pipeline: {
      progress: async () => ({
        photos: 0,
        done: 0,
        failed: 0,
        partial: 0,
        due: 0,
        upgrade: { photos: 0, seconds: 0, paused: false },
        per_second: null,
        seconds_left: null,
        scanning: [],
        working_on: [],
        notices: [],
      }),
      lanes: async () => [{ lane: 'analyse', state: 'idle', due: 0, reason: null }],
      models: () => [{ capability: 'embed-text', model: null, licence: null, notice: NO_MODEL }],
      pauseUpgrade: none,
      queue: async () => ({
        processes: [],
        running: [],
        upgrade: { photos: 0, seconds: 0, paused: false },
        paused: new Set(),
        rates: new Map(),
        steps: new Map(),
      }),
      pauseQueue: none,
      retry: none,
      failures: (sees) => listFailures(db, sees),
      retryFailures: (sees, choice, isDryRun) => retryFailures(db, sees, choice, isDryRun),
    },
    describe: { facts: describingOff('facts'), inspiration: describingOff('inspiration') },
    describedLeaves: () => 'Nothing leaves this machine.',
    texts: { report: none, leaves: () => null, notice: () => null },
    contacts: () => [],
    backups: {
      start: () => Promise.reject(new Error('no backups here')),
      report: () =>
        Promise.resolve({
          state: 'idle',
          target: null,
          phase: null,
          result: null,
          error: null,
          files: 0,
          files_total: 0,
          bytes: 0,
          bytes_total: 0,
          last: null,
        }),
    },
    comparisons: { list: async () => [], get: none, start: none, cancel: none },
    fetchPicture: none,
    storeOf: () => null,
    generations: {
      options: async () => MAKING_OFF,
      list: async () => [],
      check: none,
      isByPrompts: () => false,
      read: none,
      start: none,
      inspire: none,
      cancel: none,
      resume: none,
      redo: none,
      review: none,
      picture: none,
      zip: none,
      whenSettled: none,
    },
    stores: { open: none, putZip: none, list: none, verify: none, copy: none },
    catalogue: { get: none, pictures: none, list: none, change: none, group: none, importCsv: none, export: none },
    products: {
      stage: none,
      discard: none,
      take: none,
      check: none,
      find: none,
      trash: none,
      restore: none,
      present: none,
      filling: none,
      urlOf: none,
      describe: none,
      mend: none,
    },
    downloads: createDownloads((sees, ids) => findOriginals({ db, blobs }, sees, ids)),
    files: {
      copyWithMetadata: (photoId) => writeBack.copyWithMetadata(photoId),
      renditions: blobs.renditions,
    },
  }
  const app = await createHttpServer({
    config: {
      host: options.host ?? '127.0.0.1',
      token: options.token,
      maxBytes: MAX_TEST_BYTES,
      trustProxy: [...(options.trustProxy ?? [])],
      allowedOrigins: [...(options.allowedOrigins ?? [])],
    },
    services: { ...services, ...options.services?.(services) },
    log: options.log ?? silentLog,
    webDir: options.webDir ?? `${dataDir}/no-web`,
    ...(options.bodyTimeouts ? { bodyTimeouts: options.bodyTimeouts } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.visibleTo ? { visibleTo: options.visibleTo } : {}),
  })
  const close = app.close.bind(app)
  return Object.assign(app, {
    close: async () => {
      await close()
      await verifier[Symbol.asyncDispose]()
      await rebuilder[Symbol.asyncDispose]()
      await background[Symbol.asyncDispose]()
      await savedSearches[Symbol.asyncDispose]()
      await ingest[Symbol.asyncDispose]()
    },
  })
}
