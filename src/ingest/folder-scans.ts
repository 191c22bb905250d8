/** @file Looks through the folder sources and watches them: scans of one folder one after another, again after an outage, until it is stopped. */
import { stat } from 'node:fs/promises'
import type { ScanReport } from '../contract/library.ts'
import { type Message, message, renderAll } from '../contract/messages/message.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import { NO_OUTAGES, type Outages } from '../domain/outage.ts'
import { type ScanDeps, scanFolder } from './scan-folder.ts'
import { saveNotices } from './store.ts'
import { type FolderSource, readFolderSource } from './store-sources.ts'
import { folderIdentity } from './walk.ts'
import { FolderWatch } from './watch-folder.ts'

export interface FolderScansDeps extends Omit<ScanDeps, 'excluded' | 'settleMs'> {
  readonly dataDir: string
  readonly watch: 'auto' | 'poll' | 'off'
  /** how long a file must have been left alone before it is read; tests shorten it */
  readonly settleMs?: number
  /** how often a polled folder is looked at; tests shorten it */
  readonly pollMs?: number
  /** runs what only one process of the library may do where it is this one; false: another does it, and was told. Absent: this one */
  readonly alone?: (act: () => Promise<void>) => Promise<boolean>
}

export interface ScanRequest {
  readonly force?: boolean
  readonly signal?: AbortSignal
}

const DEFAULT_SETTLE_MS = 1500

interface FolderState {
  readonly ignored: Map<string, string>
  /** aborted when another source takes its place */
  readonly stop: AbortController
  watch: FolderWatch | undefined
  /** of the watch, kept beside what a scan says */
  watchNotice: Message | null
  /** scans of one folder run one after another */
  queue: Promise<unknown>
}

export class FolderScans implements AsyncDisposable {
  readonly #deps: FolderScansDeps
  readonly #outages: Outages
  readonly #folders = new Map<number, FolderState>()
  readonly #running = new Map<symbol, { path: string; seen: number }>()
  readonly #stop = new AbortController()
  readonly #background = new Set<Promise<unknown>>()

  constructor(deps: FolderScansDeps) {
    this.#deps = deps
    this.#outages = deps.outages ?? NO_OUTAGES
  }

  async scan(sourceId: number, { force = false, signal }: ScanRequest = {}): Promise<ScanReport> {
    const source = await readFolderSource(this.#deps.db, sourceId)
    const signals = signal ? [signal, this.#stop.signal] : [this.#stop.signal]
    return this.#scanPart(source, '', force, AbortSignal.any(signals))
  }

  /** Scans it, and watches it from then on (unless `watch` is off). Ends with the scan; its problems are logged and shown with the source. */
  async watch(source: FolderSource): Promise<void> {
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
          state.watchNotice = message('folder.polled', { reason })
          log.warn({ source: source.id, reason }, 'the folder cannot be watched; it is polled')
        },
      })
    }
    await this.#finishQuietly(this.#scanWhenPossible(source, ''), source.path)
  }

  /** Its running scan ends where it is, and it is watched no more. */
  async stop(id: number, why: string): Promise<void> {
    const state = this.#folders.get(id)
    if (!state) return
    state.stop.abort(new FototecaError('conflict', why))
    state.watch?.[Symbol.dispose]()
    await state.queue
    this.#folders.delete(id)
  }

  running(): { path: string; seen: number }[] {
    return [...this.#running.values()].map((scan) => ({ ...scan }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new FototecaError('unavailable', 'fototeca is stopping'))
    for (const state of this.#folders.values()) state.watch?.[Symbol.dispose]()
    await Promise.allSettled([...this.#background, ...[...this.#folders.values()].map((state) => state.queue)])
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
    const source = await readFolderSource(this.#deps.db, id)
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
      else if (unsettled > 0) return await this.#addNotice(report, message('folder.being-written', { count: unsettled }))
      return state.watchNotice === null ? report : await this.#addNotice(report, state.watchNotice)
    } finally {
      this.#running.delete(token)
    }
  }

  async #addNotice(report: ScanReport, more: Message): Promise<ScanReport> {
    // those of the scan itself, and one more
    const messages = [...(report.messages as readonly Message[]), more]
    await saveNotices(this.#deps.db, report.source, messages)
    return { ...report, messages, notice: renderAll(messages) }
  }
}
