/**
 * @file Watches the data folder and the database: are they there, can they be written, is there room? One place decides it, for `/ready`,
 * for uploads, and for the work in the background, which goes on by itself when all is well again.
 */
import { randomUUID } from 'node:crypto'
import { access, constants, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { describeOutage, findOutageKind, type Outage, type Outages } from '../domain/outage.ts'

const LOOK_EVERY_MS = 2000
/** What does not answer a look within this time is not ready … */
const ANSWER_MS = 3000
/** … and a disk that does not for so long hangs. */
const HUNG_MS = 30_000
/** An outage that an error told of is believed at least so long, even where a look sees nothing: it may be of a disk that is not looked at. */
const BELIEVED_MS = 5000
/** Enough that a quota or a failing disk shows. */
const PROBE_BYTES = 64 * 1024
const MEGABYTE = 1_000_000

/** The folders of the data folder that may be disks of their own. */
const PARTS = ['', 'originals', 'renditions', 'pg'] as const

export interface StorageWatchDeps {
  readonly dataDir: string
  /** below this nothing more is taken; 0: any */
  readonly minFreeBytes: number
  /** asks the bucket of the library’s files; absent: they are in the data folder */
  readonly pingBlobs?: (() => Promise<unknown>) | undefined
  readonly ping: () => Promise<void>
  /** of the embedded database; null on a server */
  readonly reserve: { readonly bytes: number; has(dataDir: string): Promise<boolean>; make(dataDir: string): Promise<void> } | null
  readonly log: Log
  /** tests: more often */
  readonly everyMs?: number
}

export class StorageWatch implements Outages, AsyncDisposable {
  readonly #deps: StorageWatchDeps
  readonly #listeners: (() => void)[] = []
  readonly #waiting = new Set<() => void>()
  readonly #folder: OneAtATime<readonly Outage[]>
  readonly #blobs: OneAtATime<readonly Outage[]>
  readonly #database: OneAtATime<readonly Outage[]>
  #identity = ''
  #parts: readonly string[] = []
  #folderFaults: readonly Outage[] = []
  #databaseFaults: readonly Outage[] = []
  #blobFaults: readonly Outage[] = []
  #faults: readonly Outage[] = []
  /** by a clock that nobody sets */
  #told: { readonly outage: Outage; readonly untilMs: number } | null = null
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<unknown> = Promise.resolve()
  #reserving: Promise<void> | undefined
  #isClosed = false

  constructor(deps: StorageWatchDeps) {
    this.#deps = deps
    this.#folder = new OneAtATime(() => this.#lookAtFolder())
    this.#database = new OneAtATime(() => this.#askDatabase())
    this.#blobs = new OneAtATime(() => this.#askBlobs())
  }

  /** Call it when the data folder is locked and its folders are made: from now on this is the one. */
  async start(): Promise<void> {
    const { dataDir, everyMs = LOOK_EVERY_MS } = this.#deps
    this.#identity = identityOf(await stat(dataDir))
    const there = await Promise.all(PARTS.map((part) => isThere(join(dataDir, part))))
    this.#parts = PARTS.filter((_, index) => there[index])
    await this.#look()
    const again = async () => {
      this.#looking = this.#look()
      await this.#looking
      if (!this.#isClosed) this.#timer = setTimeout(again, everyMs).unref()
    }
    this.#timer = setTimeout(again, everyMs).unref()
  }

  /** `listener` is called when an outage is over. */
  onOver(listener: () => void): void {
    this.#listeners.push(listener)
  }

  current(): Outage | null {
    return this.#told?.outage ?? this.#faults[0] ?? null
  }

  async over(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.current() === null) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    this.#waiting.add(resolve)
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.#waiting.delete(resolve)
    }
  }

  check(): Promise<readonly Outage[]> {
    return this.#look()
  }

  async judge(error: unknown): Promise<Outage | null> {
    const kind = findOutageKind(error)
    // a bucket’s server says it in words of its own
    const isOfBucket = kind === null && this.#deps.pingBlobs && error instanceof FototecaError && error.code === 'unavailable'
    if (kind === null && !isOfBucket) return null
    if (kind === null || kind === 'unclear') {
      await this.#look(true)
      return this.current()
    }
    // told before the look, which may find that it is over already
    const outage = describeOutage(kind, error)
    this.#tell(outage)
    return outage
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#looking
    await this.#reserving
  }

  #tell(outage: Outage): void {
    if (this.current() === null) this.#deps.log.error({ reason: outage.reason }, 'storage or database out of order; work is held')
    this.#told = { outage, untilMs: performance.now() + BELIEVED_MS }
  }

  /** @param isProbing also writes, which wakes a disk: only where something is wrong */
  async #look(isProbing = this.current() !== null): Promise<readonly Outage[]> {
    const before = this.current()
    const [folder, database, blobs] = await Promise.all([this.#folder.ask(), this.#database.ask(), this.#blobs.ask()])
    // what is only slow stays what it was: on a busy machine an answer may take this long
    if (folder !== null) this.#folderFaults = [...folder, ...(isProbing && folder.length === 0 ? await this.#probe() : [])]
    else if (this.#folder.openMs() > HUNG_MS) this.#folderFaults = [this.#slowFolder()]
    if (database !== null) this.#databaseFaults = database
    if (blobs !== null) this.#blobFaults = blobs
    this.#faults = [...this.#folderFaults, ...this.#databaseFaults, ...this.#blobFaults]
    if (this.#told && this.#told.untilMs <= performance.now()) this.#told = null
    const now = this.current()
    if (!before && now) this.#deps.log.error({ reason: now.reason }, 'storage or database out of order; work is held')
    if (before && !now) {
      this.#deps.log.info({ was: before.reason }, 'storage and database are in order again; work goes on')
      for (const listener of [...this.#listeners, ...this.#waiting]) listener()
    }
    // not waited for: on a busy disk it takes seconds
    if (!now)
      this.#reserving ??= this.#keepReserve().finally(() => {
        this.#reserving = undefined
      })
    const isSlow = folder === null && this.#folderFaults.length === 0
    return isSlow ? [this.#slowFolder(), ...this.#faults] : this.#faults
  }

  #slowFolder(): Outage {
    return { code: 'unavailable', reason: `the data folder ${this.#deps.dataDir} does not answer` }
  }

  async #lookAtFolder(): Promise<readonly Outage[]> {
    const { dataDir, minFreeBytes } = this.#deps
    try {
      const found = await stat(dataDir)
      if (identityOf(found) !== this.#identity && !(await this.#isAnnounced()))
        return [{ code: 'unavailable', reason: `another folder is now at ${dataDir} (is its disk not mounted?)` }]
      for (const part of this.#parts) {
        const path = join(dataDir, part)
        await access(path, constants.R_OK | constants.W_OK)
        const { bavail, bsize, blocks } = await statfs(path)
        const free = bavail * bsize
        // some network drives tell no sizes
        if (blocks > 0 && free < minFreeBytes)
          return [
            {
              code: 'disk_full',
              reason: `the disk of ${path} is almost full: ${inMegabytes(free)} MB free, and ${inMegabytes(minFreeBytes)} MB are kept free (FOTOTECA_MIN_FREE_MB). Make room`,
            },
          ]
      }
      return []
    } catch (error) {
      return [explainFolder(dataDir, error)]
    }
  }

  /** The same folder by another way, such as a network drive that was mounted anew: it holds what this process announced there. */
  async #isAnnounced(): Promise<boolean> {
    const text = await readFile(join(this.#deps.dataDir, 'server.json'), 'utf8').catch(() => null)
    return text?.includes(`"pid":${process.pid},`) ?? false
  }

  async #probe(): Promise<readonly Outage[]> {
    const { dataDir } = this.#deps
    const path = join(dataDir, `.probe-${randomUUID()}`)
    try {
      await writeFile(path, Buffer.alloc(PROBE_BYTES), { flush: true })
      return []
    } catch (error) {
      return [explainFolder(dataDir, error)]
    } finally {
      await rm(path, { force: true }).catch(() => {})
    }
  }

  async #askDatabase(): Promise<readonly Outage[]> {
    try {
      await this.#deps.ping()
      return []
    } catch (error) {
      return [{ code: 'unavailable', reason: `the database does not answer: ${describeError(error)}` }]
    }
  }

  /** Only where they are in a bucket: a folder is looked at as the data folder is. */
  async #askBlobs(): Promise<readonly Outage[]> {
    try {
      await this.#deps.pingBlobs?.()
      return []
    } catch (error) {
      return [{ code: 'unavailable', reason: describeError(error) }]
    }
  }

  /** Made anew when there is room for it beside what is kept free. */
  async #keepReserve(): Promise<void> {
    const { dataDir, minFreeBytes, reserve, log } = this.#deps
    if (reserve === null || minFreeBytes === 0 || this.#isClosed) return
    try {
      if (await reserve.has(dataDir)) return
      const { bavail, bsize } = await statfs(dataDir)
      if (bavail * bsize - reserve.bytes >= minFreeBytes) await reserve.make(dataDir)
    } catch (error) {
      log.warn({ err: describeError(error) }, 'no room could be set aside for the database')
    }
  }
}

/** One question at a time, each answer waited for only so long: a disk that hangs must not take one thread more with every look. */
class OneAtATime<T> {
  readonly #question: () => Promise<T>
  #open: Promise<T> | undefined
  #since = 0

  constructor(question: () => Promise<T>) {
    this.#question = question
  }

  /** How long the open question has been waiting for its answer. */
  openMs(): number {
    return this.#open ? performance.now() - this.#since : 0
  }

  /** @returns null: no answer yet */
  async ask(): Promise<T | null> {
    if (!this.#open) this.#since = performance.now()
    this.#open ??= this.#question().finally(() => {
      this.#open = undefined
    })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      // after a time in which this process was held up, the answer may be there and not have been read
      timer = setTimeout(() => setImmediate(() => resolve(null)), ANSWER_MS)
    })
    try {
      return await Promise.race([this.#open, late])
    } finally {
      clearTimeout(timer)
    }
  }
}

const identityOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev}:${ino}`

const inMegabytes = (bytes: number): number => Math.floor(bytes / MEGABYTE)

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

function explainFolder(dataDir: string, error: unknown): Outage {
  const { code, path } = error as NodeJS.ErrnoException
  const where = path ?? dataDir
  if (code === 'ENOSPC') return { code: 'disk_full', reason: `the disk of ${dataDir} is full. Make room` }
  if (code === 'EDQUOT') return { code: 'disk_full', reason: `the quota of the disk of ${dataDir} is used up. Make room or raise it` }
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return { code: 'unavailable', reason: `the data folder ${dataDir} is not there (moved, or its disk is not mounted?)` }
  if (code === 'EROFS') return { code: 'unavailable', reason: `the disk of ${dataDir} is read-only` }
  if (code === 'EACCES' || code === 'EPERM') return { code: 'unavailable', reason: `${where} cannot be written: ${describeError(error)}` }
  return { code: 'unavailable', reason: `the data folder ${dataDir} is out of order: ${describeError(error)}` }
}
