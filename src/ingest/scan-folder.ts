/**
 * @file Compares a folder with what the library knows of it: new, changed, moved, vanished and returned files.
 * Originals are only read. A library with files is compared whole before anything is changed, so that an unplugged disk changes nothing;
 * a new one is taken in while the walk goes on.
 */
import { createHash } from 'node:crypto'
import { lstat, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ScanReport, SkippedLinks } from '../contract/library.ts'
import { type Message, message, renderAll } from '../contract/messages/message.ts'
import type { PhotoFormat } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import { isSidecarName } from '../domain/metadata/sidecar-paths.ts'
import { NO_OUTAGES, type Outages } from '../domain/outage.ts'
import { type Bounds, isInBounds, openInside, readBounds } from '../storage/bounds.ts'
import { hashFile } from './hash-file.ts'
import { hasPictureName, judgeFile, type Limits } from './judge-file.ts'
import { isMassChange } from './mass-change.ts'
import { noteSkippedLinks, noteUnreadable } from './scan-notes.ts'
import { SidecarWatch } from './sidecars.ts'
import {
  countPresentFiles,
  type FoundFile,
  findFilesByContent,
  type KnownFile,
  markFiles,
  moveFile,
  type OnNewPhoto,
  readKnownFiles,
  type ScanEnd,
  saveFile,
  saveRefusal,
  saveScanEnd,
} from './store.ts'
import type { FolderSource } from './store-sources.ts'
import { createNotes, noteSkipped, type WalkedFile, type WalkNotes, walkFolder } from './walk.ts'

/** Rows read at once: 5,000 take the event loop about 10 ms. */
const PAGE_ROWS = 5000
/** Files read at once, and written in one transaction: small, so that the first photos are analysed at once and others get the database. */
const BATCH_FILES = 16
const READ_TOGETHER = 4
/** Rows marked in one transaction. */
const MARK_ROWS = 1000

export interface ScanDeps {
  readonly db: Db
  readonly limits: Limits
  readonly onNewPhoto: OnNewPhoto
  readonly wake: () => void
  /** sidecars of these photos came, changed or went: their words are to be read again */
  readonly onSidecars: (photoIds: readonly number[]) => Promise<void>
  /** during one nothing is taken in: the scan waits */
  readonly outages?: Outages
  readonly log: Log
  /** `device:inode` of folders never entered (the data folder) */
  readonly excluded: ReadonlySet<string>
  /** a file written to more recently than this is looked at again before it is read */
  readonly settleMs: number
}

export interface ScanOptions {
  readonly force: boolean
  readonly signal: AbortSignal
  /** look only below this folder of the source; `''` is all of it */
  readonly below?: string
  /** what an earlier scan found not to be pictures, by path; kept by the caller so that they are not opened again and again */
  readonly known?: Map<string, string>
  readonly onProgress?: (report: Readonly<ScanReport>) => void
  readonly onFolder?: (path: string) => void
}

export interface ScanResult {
  readonly report: ScanReport
  /** files that were being written: the caller looks again soon */
  readonly unsettled: number
  /** the folder itself was not there */
  readonly isAbsent: boolean
}

interface Candidate {
  readonly file: WalkedFile
  readonly known: KnownFile | undefined
}

export async function scanFolder(deps: ScanDeps, source: FolderSource, options: ScanOptions): Promise<ScanResult> {
  return new Scan(deps, source, options).run()
}

class Scan {
  readonly #deps: ScanDeps
  readonly #source: FolderSource
  readonly #options: ScanOptions
  readonly #report: { -readonly [K in keyof ScanReport]: ScanReport[K] }
  readonly #notes: WalkNotes = createNotes()
  /** by path; what is left at the end was not seen */
  readonly #unseen = new Map<string, KnownFile>()
  readonly #sidecars = new SidecarWatch()
  #bounds: Bounds
  #unsettled = 0
  /** files that are not there and were not marked, because they are too many */
  #unconfirmed: number | null = null
  #notices: readonly Message[] = []

  constructor(deps: ScanDeps, source: FolderSource, options: ScanOptions) {
    this.#deps = deps
    this.#source = source
    this.#bounds = { root: source.path, targets: source.followLinks }
    this.#options = options
    const counts = { seen: 0, added: 0, moved: 0, changed: 0, unchanged: 0, missing: 0, returned: 0, duplicates: 0, failed: 0, ignored: 0 }
    this.#report = { source: source.id, ...counts, skipped_links: { count: 0, examples: [] }, notice: null, messages: [] }
  }

  async run(): Promise<ScanResult> {
    const { db } = this.#deps
    const below = this.#options.below ?? ''
    const present = await countPresentFiles(db, this.#source.id)
    const { path: root, followLinks } = this.#source
    const bounds = (await isFolder(root)) ? await readBounds({ root, followLinks }).catch(() => undefined) : undefined
    if (!bounds) {
      return { ...(await this.#refuse({ notices: [message('folder.absent', { folder: root })], unconfirmed: null })), isAbsent: true }
    }
    this.#bounds = bounds
    await this.#loadKnown(below)

    const returned: number[] = []
    const waiting: Candidate[] = []
    const isCareful = present > 0 && !this.#options.force
    for await (const file of this.#walk(below)) {
      if (isSidecarName(file.filename)) {
        this.#sidecars.see(file)
        this.#report.ignored += 1
        continue
      }
      const known = this.#unseen.get(file.path)
      this.#unseen.delete(file.path)
      if (known && known.bytes === file.bytes && known.modifiedMs === file.modifiedMs && !known.isRefused) {
        this.#report.seen += 1
        if (known.isMissing) returned.push(known.id)
        else this.#report.unchanged += 1
      } else waiting.push({ file, known })
      if (!isCareful && waiting.length >= BATCH_FILES) await this.#take(waiting.splice(0))
      this.#options.onProgress?.(this.#report)
    }

    // what is new may be what is gone, under another name
    const fresh = waiting.filter(({ file, known }) => known === undefined && hasPictureName(file.filename)).length
    const gone = this.#countGone()
    if (isCareful && this.#isBroken(present, gone - fresh)) {
      // links that are not followed any more may be why so much is gone
      const notices = [this.#noteManyGone(present, gone), ...noteSkippedLinks(this.#notes)]
      return this.#refuse({ notices, unconfirmed: gone, ...this.#countSkipped() })
    }
    for (const ids of chunk(returned, MARK_ROWS)) {
      await db.transaction().execute((trx) => markFiles(trx, ids, false))
      this.#report.returned += ids.length
      this.#deps.wake()
    }
    for (const batch of chunk(waiting, BATCH_FILES)) await this.#take(batch)
    await this.#markGone(present)
    await this.#sidecars.follow({
      db,
      sourceId: this.#source.id,
      below,
      isClosed: (path) => this.#isClosed(path),
      onSidecars: this.#deps.onSidecars,
      signal: this.#options.signal,
    })
    return this.#finish()
  }

  async #loadKnown(below: string): Promise<void> {
    for (let after = 0; ; ) {
      const page = await readKnownFiles(this.#deps.db, this.#source.id, below, after, PAGE_ROWS)
      for (const file of page) {
        this.#unseen.set(file.path, file)
        this.#sidecars.know(file)
      }
      const last = page.at(-1)
      if (!last || page.length < PAGE_ROWS) return
      after = last.id
    }
  }

  #walk(below: string): AsyncGenerator<WalkedFile> {
    const { signal, onFolder } = this.#options
    return walkFolder({ bounds: this.#bounds, below, excluded: this.#deps.excluded, notes: this.#notes, signal, onFolder })
  }

  /** Known, present, not seen, and not behind a door that is closed now. */
  #listGone(): KnownFile[] {
    return [...this.#unseen.values()].filter((known) => !known.isMissing && !this.#isClosed(known.path))
  }
  #isClosed(path: string): boolean {
    return this.#notes.unreadable.some((closed) => closed === '' || path === closed || path.startsWith(`${closed}/`))
  }
  #countGone(): number {
    return this.#listGone().length
  }

  #isBroken(present: number, gone: number): boolean {
    return isMassChange({ known: present, gone: Math.max(0, gone) })
  }
  #noteManyGone(known: number, gone: number): Message {
    return message('folder.many-gone', { folder: this.#source.path, known, gone })
  }

  async #markGone(present: number): Promise<void> {
    const gone = this.#listGone().map((file) => file.id)
    if (!this.#options.force && this.#isBroken(present, gone.length)) {
      this.#notices = [this.#noteManyGone(present, gone.length)]
      this.#unconfirmed = gone.length
      this.#deps.log.warn({ source: this.#source.id, gone: gone.length, known: present }, 'many files are gone at once; none was marked')
      return
    }
    for (const ids of chunk(gone, MARK_ROWS)) {
      this.#options.signal.throwIfAborted()
      await this.#deps.db.transaction().execute((trx) => markFiles(trx, ids, true))
      this.#report.missing += ids.length
    }
  }

  /** Reads a batch of new or changed files and writes what they are in one transaction. */
  async #take(batch: readonly Candidate[]): Promise<void> {
    await (this.#deps.outages ?? NO_OUTAGES).over(this.#options.signal)
    const found: { file: FoundFile; known: KnownFile | undefined }[] = []
    for (const some of chunk(batch, READ_TOGETHER)) {
      const read = await Promise.all(some.map((candidate) => this.#read(candidate)))
      found.push(...read.filter((one) => one !== null))
    }
    this.#options.signal.throwIfAborted()
    if (found.length === 0) return
    const moves = await this.#findMoves(found.filter(({ known }) => known === undefined).map(({ file }) => file))
    const ends = await this.#deps.db.transaction().execute(async (trx) => {
      const list: ('moved' | 'added' | 'failed' | 'changed' | 'unchanged' | 'duplicates')[] = []
      for (const { file, known } of found) {
        const from = moves.get(file.path)
        if (from !== undefined) {
          await moveFile(trx, from, file)
          list.push('moved')
          continue
        }
        const saved = await saveFile(trx, file, this.#deps.onNewPhoto)
        if (known && saved.wasSame) list.push('unchanged')
        else if (file.format === null) list.push('failed')
        else if (known) list.push('changed')
        else list.push(saved.isNew ? 'added' : 'duplicates')
      }
      return list
    })
    for (const end of ends) this.#report[end] += 1
    this.#deps.wake()
    this.#options.onProgress?.(this.#report)
  }

  /** @returns null for what is no picture, cannot be read, or is still being written */
  async #read({ file, known }: Candidate): Promise<{ file: FoundFile; known: KnownFile | undefined } | null> {
    const { deps, options } = { deps: this.#deps, options: this.#options }
    const absolute = join(this.#source.path, file.path)
    const mark = `${file.bytes}:${file.modifiedMs}`
    if (known === undefined && options.known?.get(file.path) === mark) {
      this.#report.ignored += 1
      return null
    }
    try {
      if (!(await this.#isSettled(absolute, file))) {
        this.#unsettled += 1
        return null
      }
      // it may have become a link since the walk; from here on it is this one file
      await using held = await openInside(absolute, this.#bounds)
      if (held === null) {
        const real = await realpath(absolute)
        if (isInBounds(this.#bounds, real)) this.#report.ignored += 1
        else noteSkipped(this.#notes.outside, file.path, real)
        if (known) this.#unseen.set(file.path, known)
        return null
      }
      const verdict = await judgeFile(held.path, file.filename, file.bytes, deps.limits)
      if (verdict === 'ignored') {
        options.known?.set(file.path, mark)
        this.#report.ignored += 1
        if (known) this.#unseen.set(file.path, known) // what was a picture there is gone
        return null
      }
      if (known?.isRefused && !('format' in verdict) && known.bytes === file.bytes && known.modifiedMs === file.modifiedMs) {
        this.#report.seen += 1
        if (known.isMissing) this.#report.returned += 1
        else this.#report.unchanged += 1
        if (known.isMissing) await deps.db.transaction().execute((trx) => markFiles(trx, [known.id], false))
        return null
      }
      const isTooLarge = 'isTooLarge' in verdict && verdict.isTooLarge
      const hashed = isTooLarge ? nameTooLarge(this.#source.id, file) : await hashFile(held.path, options.signal)
      if (hashed === null || (hashed.bytes !== file.bytes && !isTooLarge)) {
        this.#unsettled += 1
        return null
      }
      this.#report.seen += 1
      const format: PhotoFormat | null = 'format' in verdict ? verdict.format : null
      const reason = 'failed' in verdict ? verdict.failed : null
      const { path, filename } = file
      return {
        file: { sourceId: this.#source.id, path, filename, ...hashed, format, reason, sortAt: toSortTime(hashed.modifiedMs) },
        known,
      }
    } catch (error) {
      options.signal.throwIfAborted()
      this.#notes.unreadable.push(file.path)
      deps.log.warn({ source: this.#source.id, path: file.path, err: error }, 'a file could not be read')
      return null
    }
  }

  /** A file written to a moment ago may be half a copy: it is looked at a second time. */
  async #isSettled(absolute: string, file: WalkedFile): Promise<boolean> {
    const ageMs = Date.now() - file.modifiedMs
    if (ageMs < 0 || ageMs >= this.#deps.settleMs) return true
    await sleep(this.#deps.settleMs - ageMs, undefined, { signal: this.#options.signal })
    const again = await stat(absolute)
    return again.size === file.bytes && Math.floor(again.mtimeMs) === file.modifiedMs
  }

  /** New paths whose bytes the source already held under a path that is not there any more: path → row. */
  async #findMoves(files: readonly FoundFile[]): Promise<Map<string, number>> {
    const moves = new Map<string, number>()
    const candidates = await findFilesByContent(this.#deps.db, this.#source.id, [...new Set(files.map((file) => file.sha256))])
    for (const file of files) {
      for (const candidate of candidates) {
        if (candidate.sha256 !== file.sha256 || [...moves.values()].includes(candidate.id)) continue
        if (await isThere(join(this.#source.path, candidate.path))) continue
        moves.set(file.path, candidate.id)
        this.#unseen.delete(candidate.path)
        break
      }
    }
    return moves
  }

  async #refuse(end: ScanEnd): Promise<ScanResult> {
    this.#tell(end.notices)
    await saveRefusal(this.#deps.db, this.#source.id, end)
    this.#deps.log.warn({ source: this.#source.id }, this.#report.notice ?? '')
    return { report: this.#report, unsettled: 0, isAbsent: false }
  }

  async #finish(): Promise<ScanResult> {
    this.#report.ignored += this.#notes.ignored
    const problems = [...this.#notices, ...noteUnreadable(this.#notes)]
    const notices = [...problems, ...noteSkippedLinks(this.#notes)]
    this.#tell(notices)
    const end = { notices, unconfirmed: this.#unconfirmed, ...this.#countSkipped() }
    // a look at a part says nothing about the rest
    if ((this.#options.below ?? '') === '' || problems.length > 0) await saveScanEnd(this.#deps.db, this.#source.id, end)
    this.#options.onProgress?.(this.#report)
    return { report: this.#report, unsettled: this.#unsettled, isAbsent: false }
  }

  #tell(notices: readonly Message[]): void {
    this.#report.messages = [...notices]
    this.#report.notice = renderAll(notices)
  }

  /** Also for the row of the source, where all of it was walked. */
  #countSkipped(): { skipped?: SkippedLinks } {
    const { outside, pseudo } = this.#notes
    const skipped = { count: outside.count + pseudo.count, examples: [...outside.examples, ...pseudo.examples] }
    this.#report.skipped_links = skipped
    return (this.#options.below ?? '') === '' ? { skipped } : {}
  }
}

/** A file too large to take is not read at all: what stands for its bytes is made of where it is and how large. */
function nameTooLarge(sourceId: number, file: WalkedFile): { sha256: string; bytes: number; modifiedMs: number } {
  const sha256 = createHash('sha256').update(`too large\0${sourceId}\0${file.path}\0${file.bytes}\0${file.modifiedMs}`).digest('hex')
  return { sha256, bytes: file.bytes, modifiedMs: file.modifiedMs }
}

/** Cameras and copies leave times before 1970 or far ahead; the earliest day Postgres and the page agree on is kept. */
function toSortTime(modifiedMs: number): Date {
  return new Date(Math.min(Math.max(modifiedMs, 0), Date.now()))
}

function* chunk<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  )
}
