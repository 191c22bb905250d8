/** @file Where photos come in: uploads and watched folders, behind one door. Owns the scans, the watches and the blob store. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ScanReport, SourceReport, UploadResult } from '../contract/library.ts'
import type { Db, Trx } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { listSourceNotices, listSources } from '../library/store-sources.ts'
import { BlobStore } from './blob-store.ts'
import type { Limits } from './judge-file.ts'
import { locateOriginal, type Original } from './locate-original.ts'
import { pathWithin } from './nesting.ts'
import { resolveFolder } from './resolve-folder.ts'
import { scanFolder } from './scan-folder.ts'
import {
  ensureFolderSource,
  type FolderSource,
  filterOwnedBlobs,
  listFolderSources,
  type OnNewPhoto,
  readSource,
  type SavedFile,
  saveFollowLinks,
  saveNotice,
} from './store.ts'
import { replaceSources } from './store-sources.ts'
import { keepUpload, type StagedUpload, stageUpload, takeUpload } from './upload.ts'
import { folderIdentity } from './walk.ts'
import { FolderWatch } from './watch-folder.ts'

export interface IngestDeps {
  readonly db: Db
  readonly dataDir: string
  readonly limits: Limits
  /** writes what is due for a new photo, in the transaction that makes it */
  readonly onNewPhoto: OnNewPhoto
  /** something new is due */
  readonly wake: () => void
  /** sidecars beside the files of these photos came, changed or went */
  readonly onSidecars: (photoIds: readonly number[]) => Promise<void>
  readonly log: Log
  readonly watch: 'auto' | 'poll' | 'off'
  /** how long a file must have been left alone before it is read; tests shorten it */
  readonly settleMs?: number
  /** how often a polled folder is looked at; tests shorten it */
  readonly pollMs?: number
}

export interface Ingest extends AsyncDisposable {
  /** absolute folder the paths of uploaded files are relative to */
  readonly uploadDir: string
  upload(file: Readable, filename: string): Promise<UploadResult>
  /** Receives and checks a picture that is no photo yet; `keep` or `discard` it then. */
  stage(file: Readable, filename: string): Promise<StagedUpload>
  keep(staged: StagedUpload, also: (trx: Trx, photo: SavedFile) => Promise<void>): Promise<SavedFile>
  discard(staged: StagedUpload): Promise<void>
  /**
   * Makes the folder a source. One that lies in a folder already indexed is answered with that source; one around folders already
   * indexed takes their place, and their photos stay as they are. Does not scan.
   * @param followLinks folders outside of it that its links may lead to, instead of those before; undefined: as they are
   */
  addFolder(path: string, options?: { readonly followLinks?: readonly string[] | undefined }): Promise<SourceReport>
  scan(sourceId: number, options?: { force?: boolean; signal?: AbortSignal }): Promise<ScanReport>
  /** Scans every folder source, one after another, and watches each from then on (unless `watch` is off). Ends with the first scans. */
  watchAll(): Promise<void>
  /** The same for one, for instance one just added. Its problems are logged and shown with the source. */
  watch(sourceId: number): Promise<void>
  scanning(): { path: string; seen: number }[]
  sources(): Promise<SourceReport[]>
  /** what there is to say about them now */
  notices(): Promise<string[]>
  locate(photoId: number): Promise<Original | null>
  /** Deletes bytes of the blob store, unless a photo holds them. */
  removeBlob(path: string): Promise<void>
}

const DEFAULT_SETTLE_MS = 1500

export async function createIngest(deps: IngestDeps): Promise<Ingest> {
  const blobs = new BlobStore(join(deps.dataDir, 'originals'))
  await blobs.prepare()
  const ingest = new IngestService(deps, blobs)
  ingest.sweep()
  return ingest
}

interface FolderState {
  readonly ignored: Map<string, string>
  /** aborted when another source takes its place */
  readonly stop: AbortController
  watch: FolderWatch | undefined
  /** of the watch, kept beside what a scan says */
  watchNotice: string | null
  /** scans of one folder run one after another */
  queue: Promise<unknown>
}

class IngestService implements Ingest {
  readonly #deps: IngestDeps
  readonly #blobs: BlobStore
  readonly #folders = new Map<number, FolderState>()
  readonly #running = new Map<symbol, { path: string; seen: number }>()
  readonly #stop = new AbortController()
  readonly #background = new Set<Promise<unknown>>()
  #adding: Promise<unknown> = Promise.resolve()

  constructor(deps: IngestDeps, blobs: BlobStore) {
    this.#deps = deps
    this.#blobs = blobs
  }

  get uploadDir(): string {
    return this.#blobs.folder
  }

  async upload(file: Readable, filename: string): Promise<UploadResult> {
    const { isNew, ...result } = await takeUpload({ ...this.#deps, blobs: this.#blobs }, file, filename)
    if (isNew) this.#deps.wake()
    return result
  }

  stage(file: Readable, filename: string): Promise<StagedUpload> {
    return stageUpload({ ...this.#deps, blobs: this.#blobs }, file, filename)
  }

  async keep(staged: StagedUpload, also: (trx: Trx, photo: SavedFile) => Promise<void>): Promise<SavedFile> {
    const saved = await keepUpload({ ...this.#deps, blobs: this.#blobs }, staged, also)
    if (saved.isNew) this.#deps.wake()
    return saved
  }

  discard(staged: StagedUpload): Promise<void> {
    return this.#blobs.discard(staged.received)
  }

  async addFolder(path: string, { followLinks }: { followLinks?: readonly string[] | undefined } = {}): Promise<SourceReport> {
    // one after another: of two folders that lie in each other, the second must see the first
    const added = this.#adding.then(async () => {
      const folder = await resolveFolder(path, this.#deps.dataDir)
      return this.#report(await this.#addNested(folder, followLinks && (await this.#resolveTargets(followLinks))))
    })
    this.#adding = added.catch(() => {})
    return added
  }

  /** The source that holds the folder from now on. */
  async #addNested(folder: string, targets: readonly string[] | undefined): Promise<number> {
    const { db, log } = this.#deps
    const sources = await listFolderSources(db)
    const around = sources.find((source) => source.path !== folder && pathWithin(source.path, folder) !== undefined)
    if (around) {
      if (targets) await saveFollowLinks(db, around.id, [...new Set([...around.followLinks, ...targets])])
      return around.id
    }
    const inner = sources.flatMap(({ id, path, followLinks }) => {
      const way = path === folder ? undefined : pathWithin(folder, path)
      return way === undefined ? [] : [{ id, prefix: `${way}/`, followLinks }]
    })
    if (inner.length === 0) return ensureFolderSource(db, folder, targets)
    for (const { id } of inner) await this.#stopSource(id)
    log.info({ folder, inner: inner.length }, 'a folder takes the place of those indexed in it')
    const followed = new Set([...(targets ?? []), ...inner.flatMap(({ followLinks }) => followLinks)])
    return replaceSources(db, { path: folder, followLinks: [...followed] }, inner)
  }

  async #resolveTargets(paths: readonly string[]): Promise<string[]> {
    const targets = await Promise.all(paths.map((path) => resolveFolder(path, this.#deps.dataDir)))
    return [...new Set(targets)]
  }

  /** Its running scan ends where it is, and it is watched no more. */
  async #stopSource(id: number): Promise<void> {
    const state = this.#folders.get(id)
    if (!state) return
    state.stop.abort(new FototecaError('conflict', 'a folder around this one was added; it is read as a part of that'))
    state.watch?.[Symbol.dispose]()
    await state.queue
    this.#folders.delete(id)
  }

  async scan(sourceId: number, { force = false, signal }: { force?: boolean; signal?: AbortSignal } = {}): Promise<ScanReport> {
    const source = await readSource(this.#deps.db, sourceId)
    if (!source) throw new FototecaError('not_found', `there is no source ${sourceId}`)
    if (source.path === null) throw new FototecaError('invalid', 'uploads are no folder: there is nothing to look at again')
    const signals = signal ? [signal, this.#stop.signal] : [this.#stop.signal]
    return this.#scanPart({ ...source, path: source.path }, '', force, AbortSignal.any(signals))
  }

  async watchAll(): Promise<void> {
    for (const source of await listFolderSources(this.#deps.db)) await this.#watchSource(source)
  }

  async watch(sourceId: number): Promise<void> {
    const source = (await listFolderSources(this.#deps.db)).find(({ id }) => id === sourceId)
    if (source) await this.#watchSource(source)
  }

  scanning(): { path: string; seen: number }[] {
    return [...this.#running.values()].map((scan) => ({ ...scan }))
  }

  sources(): Promise<SourceReport[]> {
    return listSources(this.#deps.db)
  }

  notices(): Promise<string[]> {
    return listSourceNotices(this.#deps.db)
  }

  locate(photoId: number): Promise<Original | null> {
    return locateOriginal(this.#deps.db, this.#blobs.folder, photoId)
  }

  async removeBlob(path: string): Promise<void> {
    const sinceMs = Date.now()
    if (!(await filterOwnedBlobs(this.#deps.db, [path])).has(path)) this.#blobs.removeUnowned(path, sinceMs)
  }

  /** Removes uploads that died between file and row, in the background. */
  sweep(): void {
    const swept = this.#blobs
      .sweepOrphans((paths) => filterOwnedBlobs(this.#deps.db, paths), this.#stop.signal)
      .then((removed) => {
        if (removed > 0) this.#deps.log.info({ removed }, 'removed uploaded files that belong to no photo')
      })
    void this.#finishQuietly(swept, this.#blobs.folder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new FototecaError('unavailable', 'fototeca is stopping'))
    for (const state of this.#folders.values()) state.watch?.[Symbol.dispose]()
    await Promise.allSettled([...this.#background, ...[...this.#folders.values()].map((state) => state.queue)])
  }

  async #watchSource(source: FolderSource): Promise<void> {
    const { watch, pollMs, log } = this.#deps
    const state = this.#stateOf(source.id)
    if (watch !== 'off' && !state.watch) {
      state.watch = new FolderWatch({
        root: source.path,
        mode: watch,
        ...(pollMs === undefined ? {} : { pollMs }),
        rescan: async (below) => {
          await this.#finishQuietly(this.#scanPart(source, below, false, this.#stop.signal), source.path)
        },
        onFallback: (reason) => {
          state.watchNotice = `changes are looked for once a minute, because the system has no more watches (${reason}; raise fs.inotify.max_user_watches)`
          log.warn({ source: source.id, reason }, 'the folder cannot be watched; it is polled')
        },
      })
    }
    await this.#finishQuietly(this.#scanPart(source, '', false, this.#stop.signal), source.path)
  }

  #stateOf(sourceId: number): FolderState {
    let state = this.#folders.get(sourceId)
    if (!state) {
      state = { ignored: new Map(), stop: new AbortController(), watch: undefined, watchNotice: null, queue: Promise.resolve() }
      this.#folders.set(sourceId, state)
    }
    return state
  }

  /** Waits for work nobody asked for; its failure is logged, not thrown. */
  async #finishQuietly(work: Promise<unknown>, path: string): Promise<void> {
    this.#background.add(work)
    try {
      await work
    } catch (error) {
      if (!this.#stop.signal.aborted && !(error instanceof FototecaError && error.code === 'conflict'))
        this.#deps.log.error({ path, err: error }, `could not look through ${path}: ${describeError(error)}`)
    } finally {
      this.#background.delete(work)
    }
  }

  #scanPart(source: FolderSource, below: string, force: boolean, signal: AbortSignal): Promise<ScanReport> {
    const state = this.#stateOf(source.id)
    const scan = state.queue.then(() => this.#scanNow(source, state, { below, force, signal }))
    state.queue = scan.catch(() => {})
    return scan
  }

  async #scanNow(
    { id, path }: FolderSource,
    state: FolderState,
    { below, force, signal: wanted }: { below: string; force: boolean; signal: AbortSignal },
  ): Promise<ScanReport> {
    const signal = AbortSignal.any([wanted, state.stop.signal])
    signal.throwIfAborted()
    const source = await readSource(this.#deps.db, id)
    if (source?.path !== path) throw new FototecaError('conflict', `${path} was changed meanwhile; scan it again`)
    const token = Symbol('scan')
    const running = { path, seen: 0 }
    this.#running.set(token, running)
    const entered = new Set<string>()
    try {
      const excluded = new Set([folderIdentity(await stat(this.#deps.dataDir))])
      const { report, unsettled, isAbsent } = await scanFolder(
        { ...this.#deps, excluded, settleMs: this.#deps.settleMs ?? DEFAULT_SETTLE_MS },
        { ...source, path },
        {
          below,
          force,
          signal,
          known: state.ignored,
          onProgress: ({ seen }) => {
            running.seen = seen
          },
          onFolder: (folder) => {
            entered.add(folder)
            state.watch?.add(folder)
          },
        },
      )
      if (isAbsent) state.watch?.missRoot()
      else if (below === '') state.watch?.keepOnly(entered)
      if (unsettled > 0 && state.watch) state.watch.lookAgain(below)
      else if (unsettled > 0)
        return await this.#addNotice(
          report,
          `${unsettled} ${unsettled === 1 ? 'file was' : 'files were'} being written; scan again when done`,
        )
      return state.watchNotice === null ? report : await this.#addNotice(report, state.watchNotice)
    } finally {
      this.#running.delete(token)
    }
  }

  async #addNotice(report: ScanReport, more: string): Promise<ScanReport> {
    const notice = report.notice === null ? more : `${report.notice} · ${more}`
    await saveNotice(this.#deps.db, report.source, notice)
    return { ...report, notice }
  }

  async #report(sourceId: number): Promise<SourceReport> {
    const report = (await this.sources()).find((source) => source.id === sourceId)
    if (!report) throw new FototecaError('internal', `the source ${sourceId} vanished while it was made`)
    return report
  }
}
