/**
 * @file Notices that something changed in a folder and asks for a scan of that part. Says only “look again”: what changed is the scan’s work.
 * One inotify watch per folder (not per file); where the system has no more of them, or on a network drive, the whole is looked at regularly.
 */
import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { folderIdentity } from './walk.ts'

/** A burst of events is one look, after this much quiet… */
const QUIET_MS = 800
/** …but a long copy does not put it off for ever. */
const LONGEST_WAIT_MS = 5000
/** Without events. A whole look at 100,000 files takes seconds. With events: only whether the root is still the same folder (disk mounted or not). */
const POLL_MS = 60_000
/** Events can be lost when very many come at once; a look at every so many ticks finds what they spoke of. */
const SAFETY_TICKS = 60

const ABSENT = 'absent'

export interface WatchOptions {
  readonly root: string
  readonly mode: 'auto' | 'poll'
  /** look at what is below this folder (relative; `''` is all); never called again before it has settled */
  readonly rescan: (below: string) => Promise<void>
  /** events cannot be had; from now on it polls */
  readonly onFallback: (reason: string) => void
  readonly pollMs?: number
}

export class FolderWatch implements Disposable {
  readonly #options: WatchOptions
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #dirty = new Set<string>()
  #dirtySince = 0
  #timer: NodeJS.Timeout | undefined
  readonly #regular: NodeJS.Timeout
  #ticks = 0
  #rootIdentity: string | undefined
  #isScanning = false
  #isPolling: boolean
  #isClosed = false

  constructor(options: WatchOptions) {
    this.#options = options
    this.#isPolling = options.mode === 'poll'
    this.#regular = setInterval(() => void this.#tick(), options.pollMs ?? POLL_MS).unref()
  }

  get isPolling(): boolean {
    return this.#isPolling
  }

  /** Watches one folder (relative to the root). Call it before listing the folder, so that nothing falls between. */
  add(folder: string): void {
    if (this.#isPolling || this.#isClosed || this.#watchers.has(folder)) return
    try {
      const watcher = watch(join(this.#options.root, folder), { persistent: false }, () => this.lookAgain(folder))
      watcher.on('error', () => this.#remove(folder)) // the folder is gone; its parent tells
      this.#watchers.set(folder, watcher)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return
      this.#fallBack(code ?? String(error))
    }
  }

  /** A whole scan entered exactly these folders: watches of others are of no use any more. */
  keepOnly(folders: ReadonlySet<string>): void {
    for (const folder of [...this.#watchers.keys()]) if (!folders.has(folder)) this.#remove(folder)
  }

  /** A scan found no root: its return must be seen, also between two ticks, before the first one, or while that scan ends. */
  missRoot(): void {
    this.#rootIdentity = ABSENT
    this.keepOnly(new Set())
  }

  /** Asks for a scan of this part soon. */
  lookAgain(folder: string): void {
    if (this.#isClosed) return
    if (this.#dirty.size === 0) this.#dirtySince = performance.now()
    this.#dirty.add(folder)
    if (this.#isScanning) return
    clearTimeout(this.#timer)
    const waitMs = Math.min(QUIET_MS, Math.max(0, this.#dirtySince + LONGEST_WAIT_MS - performance.now()))
    this.#timer = setTimeout(() => void this.#scanDirty(), waitMs)
  }

  [Symbol.dispose](): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    clearInterval(this.#regular)
    this.keepOnly(new Set())
  }

  async #scanDirty(): Promise<void> {
    const parts = collapse([...this.#dirty])
    this.#dirty.clear()
    this.#isScanning = true
    try {
      for (const part of parts) if (!this.#isClosed) await this.#options.rescan(part)
    } finally {
      this.#isScanning = false
      const [next] = this.#dirty
      if (next !== undefined) this.lookAgain(next)
    }
  }

  #fallBack(reason: string): void {
    this.#isPolling = true
    this.keepOnly(new Set())
    this.#options.onFallback(reason)
  }

  async #tick(): Promise<void> {
    this.#ticks += 1
    const identity = await this.#identify()
    const isOther = this.#rootIdentity !== undefined && identity !== this.#rootIdentity
    this.#rootIdentity = identity
    if (isOther) this.keepOnly(new Set()) // they watch what lies below the mount, or nothing
    if (isOther || this.#isPolling || this.#ticks % SAFETY_TICKS === 0) this.lookAgain('')
  }

  #identify(): Promise<string> {
    return stat(this.#options.root).then(folderIdentity, () => ABSENT)
  }

  #remove(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }
}

/** Without the folders that lie below another of the list. */
function collapse(folders: readonly string[]): string[] {
  if (folders.includes('')) return ['']
  return folders.filter((folder) => !folders.some((other) => folder !== other && folder.startsWith(`${other}/`)))
}
