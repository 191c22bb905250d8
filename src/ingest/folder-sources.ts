/**
 * @file The folders that are sources: added, in the place of those that lie in them, moved, paused, dropped. Each is looked through and
 * watched by `FolderScans`.
 */

import { Task } from '../background/task.ts'
import type { FolderList } from '../contract/folders.ts'
import type { ScanReport, SourceReport } from '../contract/library.ts'
import { currentFence } from '../db/fence.ts'
import { FototecaError } from '../domain/errors.ts'
import { EVERY_PHOTO } from '../domain/visibility.ts'
import { listSources } from '../library/store-sources.ts'
import { checkMoved } from './check-moved.ts'
import { FolderScans, type FolderScansDeps, type ScanRequest } from './folder-scans.ts'
import { listFolders } from './list-folders.ts'
import { pathWithin } from './nesting.ts'
import { resolveFolder } from './resolve-folder.ts'
import {
  ensureFolderSource,
  type FolderSource,
  listAllFolders,
  listFolderSources,
  markNextMissing,
  readFolderSource,
  replaceSources,
  saveSource,
} from './store-sources.ts'

/** What is left out stays as it is. */
export interface SourceRequest {
  readonly path?: string | undefined
  readonly followLinks?: readonly string[] | undefined
  readonly isPaused?: boolean | undefined
  /** move it although most of the known files are not there */
  readonly force: boolean
}

/** what one process of the library does */
export const FOLDERS = 'folders'
const RETRY_MS = 10_000
/** Files marked in one transaction. */
const MARK_ROWS = 1000

export class FolderSources implements AsyncDisposable {
  readonly #deps: FolderScansDeps
  readonly #scans: FolderScans
  readonly #stop = new AbortController()
  /** paths of the sources this process watches, each scanned once or waiting for it */
  readonly #watched = new Map<number, string>()
  #firstScans: Promise<unknown> = Promise.resolve()
  #token: number | undefined
  /** Watches what is to be watched now. One process of the library does it, because it would read each file once per process. */
  readonly watching: Task
  #adding: Promise<unknown> = Promise.resolve()

  constructor(deps: FolderScansDeps) {
    this.#deps = deps
    this.#scans = new FolderScans(deps)
    this.watching = new Task({
      name: FOLDERS,
      work: () => this.#watchDue(),
      log: deps.log,
      failureMessage: 'which folders are to be watched could not be read; it is tried again',
      retryMs: RETRY_MS,
      outages: deps.outages,
    })
  }

  /** The folder as the one place it is. @throws FototecaError `invalid` for what can be no source */
  resolve(path: string): Promise<string> {
    return resolveFolder(path, this.#deps.dataDir)
  }

  /** What lies in a folder, for whoever chooses one. */
  list(path: string | undefined): Promise<FolderList> {
    return listFolders(path, this.#deps.dataDir)
  }

  /**
   * Makes the folder a source. One that lies in a folder already indexed is answered with that source; one around folders already
   * indexed takes their place, and their photos stay as they are. Does not scan.
   * @param followLinks folders outside of it that its links may lead to, instead of those before; undefined: as they are
   */
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
    for (const { id } of inner) await this.#unwatch(id, 'a folder around this one was added; it is read as a part of that')
    log.info({ folder, inner: inner.length }, 'a folder takes the place of those indexed in it')
    const followed = new Set([...(targets ?? []), ...inner.flatMap(({ followLinks }) => followLinks)])
    return replaceSources(db, { path: folder, followLinks: [...followed] }, inner)
  }

  async #resolveTargets(paths: readonly string[]): Promise<string[]> {
    const targets = await Promise.all(paths.map((path) => this.resolve(path)))
    return [...new Set(targets)]
  }

  /**
   * Moves, pauses, resumes; neither scans nor watches.
   * @throws FototecaError `not_found`, `invalid`, `conflict` where the new path is another’s, `wrong_folder` where it is not the folder the library knows
   */
  async changeSource(id: number, { path, followLinks, isPaused, force }: SourceRequest): Promise<SourceReport> {
    const changed = this.#adding.then(async () => {
      const source = await readFolderSource(this.#deps.db, id)
      const folder = path === undefined ? source.path : await this.resolve(path)
      const targets = followLinks && (await this.#resolveTargets(followLinks))
      const isMoved = folder !== source.path
      if (isMoved) await this.#checkMove({ ...source, followLinks: targets ?? source.followLinks }, folder, force)
      // before and after: no scan of what was may go on, nor begin in between
      const stop = async () => {
        if (isMoved || isPaused) await this.#unwatch(id, `${source.path} was ${isPaused ? 'paused' : 'moved'} meanwhile`)
      }
      await stop()
      await saveSource(this.#deps.db, id, {
        ...(isMoved ? { path: folder } : {}),
        ...(targets ? { followLinks: targets } : {}),
        ...(isPaused === undefined ? {} : { isPaused }),
      })
      await stop()
      if (isMoved || isPaused) await this.#alone(async () => {})
      return this.#report(id)
    })
    this.#adding = changed.catch(() => {})
    return changed
  }

  /** @throws FototecaError `conflict`, where it would lie in another; `wrong_folder`, where it is not the folder the library knows */
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
        'wrong_folder',
        `${found === 0 ? 'none' : `only ${found}`} of ${looked} known files ${looked === 1 || found === 1 ? 'is' : 'are'} in ${folder}. ` +
          'Nothing was changed; if it is the right folder, move it with force',
      )
  }

  /** Of a source that was removed: it is watched no more, and its files are marked missing. */
  async dropFiles(sourceId: number): Promise<void> {
    await this.#unwatch(sourceId, 'the folder was removed meanwhile')
    while (!this.#stop.signal.aborted && (await markNextMissing(this.#deps.db, sourceId, MARK_ROWS)) > 0);
  }

  scan(sourceId: number, request?: ScanRequest): Promise<ScanReport> {
    return this.#scans.scan(sourceId, request)
  }

  /**
   * Scans every folder source, one after another, and watches each from then on (unless `watch` is off), where no other process does.
   * Ends with the first scans; their problems are logged and shown with the sources.
   */
  async watchAll(): Promise<void> {
    await this.#alone(() => this.#watchDue())
    await this.#firstScans
  }

  /** The same for one, for instance one just added. */
  async watch(sourceId: number): Promise<void> {
    await this.#alone(async () => {
      const source = (await listFolderSources(this.#deps.db)).find(({ id }) => id === sourceId)
      if (!source || source.isPaused) return
      this.#watched.set(sourceId, source.path)
      await this.#scans.watch(source)
    })
  }

  async #alone(act: () => Promise<void>): Promise<void> {
    if (this.#deps.alone) await this.#deps.alone(act)
    else await act()
  }

  /** Begins what is to be watched, here or by what another process did to the sources, and ends what is not any more. */
  async #watchDue(): Promise<void> {
    const token = currentFence()?.token
    // what was begun before another process had the folders would be refused what it writes
    const isLost = token !== this.#token
    this.#token = token
    const folders = await listAllFolders(this.#deps.db)
    const isDue = new Map(folders.filter(({ isRemoved, isPaused }) => !isRemoved && !isPaused).map((source) => [source.id, source]))
    for (const [id, path] of this.#watched)
      if (isLost || isDue.get(id)?.path !== path) await this.#unwatch(id, `${path} was changed meanwhile`)
    for (const source of isDue.values()) {
      if (this.#watched.has(source.id)) continue
      this.#watched.set(source.id, source.path)
      this.#firstScans = this.#firstScans.then(() => this.#scans.watch(source))
    }
    // a kill may have ended a removal
    for (const { id, isRemoved } of folders) if (isRemoved) await this.dropFiles(id)
  }

  async #unwatch(id: number, why: string): Promise<void> {
    this.#watched.delete(id)
    await this.#scans.stop(id, why)
  }

  scanning(): { path: string; seen: number }[] {
    return this.#scans.running()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new FototecaError('unavailable', 'fototeca is stopping'))
    await this.watching[Symbol.asyncDispose]()
    await this.#scans[Symbol.asyncDispose]()
  }

  async #report(sourceId: number): Promise<SourceReport> {
    const report = (await listSources(this.#deps.db, EVERY_PHOTO)).find((source) => source.id === sourceId)
    if (!report) throw new FototecaError('internal', `the source ${sourceId} vanished while it was made`)
    return report
  }
}
