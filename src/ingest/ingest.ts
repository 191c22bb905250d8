/** @file Where photos come in: uploads and watched folders, behind one door. Owns the scans, the watches and the blob store. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ScanReport, SourceReport, UploadResult } from '../contract/library.ts'
import type { Db, Trx } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { NO_OUTAGES, type Outages, refuseDuring } from '../domain/outage.ts'
import { listSourceNotices, listSources } from '../library/store-sources.ts'
import { BlobStore } from './blob-store.ts'
import { checkMoved } from './check-moved.ts'
import type { Limits } from './judge-file.ts'
import { locateOriginal, type Original } from './locate-original.ts'
import { pathWithin } from './nesting.ts'
import { resolveFolder } from './resolve-folder.ts'
import { scanFolder } from './scan-folder.ts'
import { filterOwnedBlobs, type OnNewPhoto, type SavedFile, saveNotice } from './store.ts'
import {
  ensureFolderSource,
  type FolderSource,
  listAllFolders,
  listFolderSources,
  markNextMissing,
  readSource,
  replaceSources,
  saveSource,
} from './store-sources.ts'
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
  /** during one uploads are refused and scans wait */
  readonly outages?: Outages
  readonly log: Log
  readonly watch: 'auto' | 'poll' | 'off'
  /** how long a file must have been left alone before it is read; tests shorten it */
  readonly settleMs?: number
  /** how often a polled folder is looked at; tests shorten it */
  readonly pollMs?: number
}

/** What is left out stays as it is. */
export interface SourceRequest {
  readonly path?: string | undefined
  readonly followLinks?: readonly string[] | undefined
  readonly isPaused?: boolean | undefined
  /** move it although most of the known files are not there */
  readonly force: boolean
}

export interface Ingest extends AsyncDisposable {
  /** absolute folder the paths of uploaded files are relative to */
  readonly uploadDir: string
  upload(file: Readable, filename: string): Promise<UploadResult>
  /** Receives and checks a picture that is no photo yet; `keep` or `discard` it then. */
  stage(file: Readable, filename: string): Promise<StagedUpload>
  keep(staged: StagedUpload, also: (trx: Trx, photo: SavedFile) => Promise<void>): Promise<SavedFile>
  discard(staged: StagedUpload): Promise<void>
  /** The folder as the one place it is. @throws FototecaError `invalid` for what can be no source */
  resolve(path: string): Promise<string>
  /**
   * Makes the folder a source. One that lies in a folder already indexed is answered with that source; one around folders already
   * indexed takes their place, and their photos stay as they are. Does not scan.
   * @param followLinks folders outside of it that its links may lead to, instead of those before; undefined: as they are
   */
  addFolder(path: string, options?: { readonly followLinks?: readonly string[] | undefined }): Promise<SourceReport>
  /**
   * Moves, pauses, resumes; neither scans nor watches.
   * @throws FototecaError `not_found`, `invalid`, `conflict` where the new path is another’s, or not the folder the library knows
   */
  changeSource(sourceId: number, change: SourceRequest): Promise<SourceReport>
  /** Of a source that was removed: it is watched no more, and its files are marked missing. */
  dropFiles(sourceId: number): Promise<void>
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
/** Files marked in one transaction. */
const MARK_ROWS = 1000

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
  readonly #outages: Outages
  readonly #folders = new Map<number, FolderState>()
  readonly #running = new Map<symbol, { path: string; seen: number }>()
  readonly #stop = new AbortController()
  readonly #background = new Set<Promise<unknown>>()
  #adding: Promise<unknown> = Promise.resolve()

  constructor(deps: IngestDeps, blobs: BlobStore) {
    this.#deps = deps
    this.#blobs = blobs
    this.#outages = deps.outages ?? NO_OUTAGES
  }

  get uploadDir(): string {
    return this.#blobs.folder
  }

  async upload(file: Readable, filename: string): Promise<UploadResult> {
    const { isNew, ...result } = await this.#taking(() => takeUpload({ ...this.#deps, blobs: this.#blobs }, file, filename))
    if (isNew) this.#deps.wake()
    return result
  }

  stage(file: Readable, filename: string): Promise<StagedUpload> {
    return this.#taking(() => stageUpload({ ...this.#deps, blobs: this.#blobs }, file, filename))
  }

  /** @throws FototecaError `disk_full` or `unavailable` at once during an outage, and when one begins meanwhile */
  async #taking<T>(take: () => Promise<T>): Promise<T> {
    refuseDuring(this.#outages.current())
    try {
      return await take()
    } catch (error) {
      const outage = await this.#outages.judge(error)
      if (outage && !(error instanceof FototecaError)) refuseDuring(outage)
      throw error
    }
  }

  async keep(staged: StagedUpload, also: (trx: Trx, photo: SavedFile) => Promise<void>): Promise<SavedFile> {
    const saved = await this.#taking(() => keepUpload({ ...this.#deps, blobs: this.#blobs }, staged, also))
    if (saved.isNew) this.#deps.wake()
    return saved
  }

  discard(staged: StagedUpload): Promise<void> {
    return this.#blobs.discard(staged.received)
  }

  resolve(path: string): Promise<string> {
    return resolveFolder(path, this.#deps.dataDir)
  }

  async addFolder(path: string, { followLinks }: { followLinks?: readonly string[] | undefined } = {}): Promise<SourceReport> {
    // one after another: of two folders that lie in each other, the second must see the first
    const added = this.#adding.then(async () => {
      const folder = await this.resolve(path)
      return this.#report(await this.#addNested(folder, followLinks && (await this.#resolveTargets(followLinks))))
    })
    this.#adding = added.catch(() => {})
    return added
  }

  /** The source that holds the folder from now on. */
  async #addNested(folder: string, targets: readonly string[] | undefined): Promise<number> {
    const { db, log } = this.#deps
    const sources = await listAllFolders(db)
    const around = sources.find(({ path, isRemoved }) => !isRemoved && path !== folder && pathWithin(path, folder) !== undefined)
    if (around) {
      if (targets) await saveSource(db, around.id, { followLinks: [...new Set([...around.followLinks, ...targets])] })
      return around.id
    }
    const inner = sources.flatMap(({ id, path, followLinks, isRemoved }) => {
      const way = path === folder && !isRemoved ? undefined : pathWithin(folder, path)
      return way === undefined ? [] : [{ id, path, prefix: way === '' ? '' : `${way}/`, followLinks }]
    })
    // new, or as it was
    if (inner.every(({ path }) => path === folder)) return ensureFolderSource(db, folder, targets)
    for (const { id } of inner) await this.#stopSource(id, 'a folder around this one was added; it is read as a part of that')
    log.info({ folder, inner: inner.length }, 'a folder takes the place of those indexed in it')
    const followed = new Set([...(targets ?? []), ...inner.flatMap(({ followLinks }) => followLinks)])
    return replaceSources(db, { path: folder, followLinks: [...followed] }, inner)
  }

  async #resolveTargets(paths: readonly string[]): Promise<string[]> {
    const targets = await Promise.all(paths.map((path) => this.resolve(path)))
    return [...new Set(targets)]
  }

  async changeSource(id: number, { path, followLinks, isPaused, force }: SourceRequest): Promise<SourceReport> {
    const changed = this.#adding.then(async () => {
      const source = await this.#readFolder(id)
      const folder = path === undefined ? source.path : await this.resolve(path)
      const targets = followLinks && (await this.#resolveTargets(followLinks))
      const isMoved = folder !== source.path
      if (isMoved) await this.#checkMove({ ...source, followLinks: targets ?? source.followLinks }, folder, force)
      // before and after: no scan of what was may go on, nor begin in between
      const stop = async () => {
        if (isMoved || isPaused) await this.#stopSource(id, `${source.path} was ${isPaused ? 'paused' : 'moved'} meanwhile`)
      }
      await stop()
      await saveSource(this.#deps.db, id, {
        ...(isMoved ? { path: folder } : {}),
        ...(targets ? { followLinks: targets } : {}),
        ...(isPaused === undefined ? {} : { isPaused }),
      })
      await stop()
      return this.#report(id)
    })
    this.#adding = changed.catch(() => {})
    return changed
  }

  /** @throws FototecaError `conflict`, where it would lie in another, or is not the folder the library knows */
  async #checkMove(source: FolderSource, folder: string, force: boolean): Promise<void> {
    for (const { id, path } of await listFolderSources(this.#deps.db)) {
      if (id === source.id) continue
      const how = pathWithin(path, folder) !== undefined ? 'lies in' : pathWithin(folder, path) !== undefined ? 'holds' : undefined
      if (how) throw new FototecaError('conflict', `${folder} ${how} ${path}, which is in the library already; remove that one first`)
    }
    if (force) return
    const { looked, found } = await checkMoved(
      this.#deps.db,
      source.id,
      { root: folder, followLinks: source.followLinks },
      this.#stop.signal,
    )
    if (found * 2 < looked || (looked > 0 && found === 0))
      throw new FototecaError(
        'conflict',
        `${found === 0 ? 'none' : `only ${found}`} of ${looked} known files ${looked === 1 || found === 1 ? 'is' : 'are'} in ${folder}. Nothing was changed; if it is the right folder, move it with force`,
      )
  }

  async dropFiles(sourceId: number): Promise<void> {
    await this.#stopSource(sourceId, 'the folder was removed meanwhile')
    while (!this.#stop.signal.aborted && (await markNextMissing(this.#deps.db, sourceId, MARK_ROWS)) > 0);
  }

  /** @throws FototecaError `not_found`, `invalid` for the uploads */
  async #readFolder(sourceId: number): Promise<FolderSource> {
    const source = await readSource(this.#deps.db, sourceId)
    if (!source) throw new FototecaError('not_found', `there is no source ${sourceId}`)
    const { path } = source
    if (path === null) throw new FototecaError('invalid', 'uploads are no folder: they cannot be scanned, moved, paused, or removed')
    return { ...source, path }
  }

  /** Its running scan ends where it is, and it is watched no more. */
  async #stopSource(id: number, why: string): Promise<void> {
    const state = this.#folders.get(id)
    if (!state) return
    state.stop.abort(new FototecaError('conflict', why))
    state.watch?.[Symbol.dispose]()
    await state.queue
    this.#folders.delete(id)
  }

  async scan(sourceId: number, { force = false, signal }: { force?: boolean; signal?: AbortSignal } = {}): Promise<ScanReport> {
    const source = await this.#readFolder(sourceId)
    const signals = signal ? [signal, this.#stop.signal] : [this.#stop.signal]
    return this.#scanPart(source, '', force, AbortSignal.any(signals))
  }

  async watchAll(): Promise<void> {
    const folders = await listAllFolders(this.#deps.db)
    for (const source of folders) if (!source.isRemoved && !source.isPaused) await this.#watchSource(source)
    // a kill may have ended a removal
    for (const { id, isRemoved } of folders) if (isRemoved) await this.dropFiles(id)
  }

  async watch(sourceId: number): Promise<void> {
    const source = (await listFolderSources(this.#deps.db)).find(({ id }) => id === sourceId)
    if (source && !source.isPaused) await this.#watchSource(source)
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
          await this.#finishQuietly(this.#scanWhenPossible(source, below), source.path)
        },
        onFallback: (reason) => {
          state.watchNotice = `changes are looked for once a minute, because the system has no more watches (${reason}; raise fs.inotify.max_user_watches)`
          log.warn({ source: source.id, reason }, 'the folder cannot be watched; it is polled')
        },
      })
    }
    await this.#finishQuietly(this.#scanWhenPossible(source, ''), source.path)
  }

  /** Nobody waits for its answer: one that an outage broke off is made again after it. */
  async #scanWhenPossible(source: FolderSource, below: string): Promise<void> {
    for (;;) {
      await this.#outages.over(this.#stop.signal)
      try {
        await this.#scanPart(source, below, false, this.#stop.signal)
        return
      } catch (error) {
        if (this.#stop.signal.aborted || !(await this.#outages.judge(error))) throw error
        this.#deps.log.warn(
          { path: source.path, err: describeError(error) },
          'a scan was broken off; it is made again when all is in order',
        )
      }
    }
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
    const source = await this.#readFolder(id)
    if (source.path !== path) throw new FototecaError('conflict', `${path} was moved meanwhile; scan it again`)
    if (source.isPaused) throw new FototecaError('conflict', `${path} is paused; resume it to scan it`)
    signal.throwIfAborted()
    const token = Symbol('scan')
    const running = { path, seen: 0 }
    this.#running.set(token, running)
    const entered = new Set<string>()
    try {
      const excluded = new Set([folderIdentity(await stat(this.#deps.dataDir))])
      const { report, unsettled, isAbsent } = await scanFolder(
        { ...this.#deps, excluded, settleMs: this.#deps.settleMs ?? DEFAULT_SETTLE_MS },
        source,
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
