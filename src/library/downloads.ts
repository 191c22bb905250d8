/** @file Originals of many photos as one ZIP. What was asked for is kept under a key for a while, so that a browser can fetch it by an address. */
import { randomUUID } from 'node:crypto'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { FototecaError } from '../domain/errors.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { LibraryFile } from '../storage/library-file.ts'
import { MAX_ENTRY_BYTES, writeZip, type ZipEntry, zipLength } from './zip.ts'

/** a download that was not begun by then is asked for anew */
const KEPT_MS = 15 * 60_000
const MAX_KEPT = 100

export interface Download {
  readonly key: string
  readonly photos: number
  /** photos whose file is not there, or damaged, or above 4 GiB */
  readonly missing: number
  readonly bytes: number
}

export interface Downloads {
  prepare(sees: Visibility, ids: readonly number[]): Promise<Download>
  /** @throws FototecaError `not_found` for a key that is unknown or too old */
  open(key: string): { readonly bytes: number; readonly stream: Readable }
}

export function createDownloads(
  readFiles: (sees: Visibility, ids: readonly number[]) => Promise<readonly WantedFile[]>,
  now: () => number = Date.now,
): Downloads {
  const kept = new Map<string, { readonly entries: ZipEntry[]; readonly until: number }>()
  return {
    async prepare(sees, ids) {
      const entries = await findEntries(await readFiles(sees, ids))
      if (entries.length === 0)
        throw new FototecaError('not_found', 'none of these photos has a file that is there; mount or move the files back')
      for (const [key, { until }] of kept) if (until < now() || kept.size >= MAX_KEPT) kept.delete(key)
      const key = randomUUID()
      kept.set(key, { entries, until: now() + KEPT_MS })
      return { key, photos: entries.length, missing: new Set(ids).size - entries.length, bytes: zipLength(entries) }
    },
    open(key) {
      const download = kept.get(key)
      if (!download || download.until < now())
        throw new FototecaError('not_found', 'this download is not prepared any more; ask for it again')
      return { bytes: zipLength(download.entries), stream: Readable.from(writeZip(download.entries), { objectMode: false }) }
    },
  }
}

/** Files looked at together: a network drive answers many at once as fast as one. */
const LOOKED_AT_TOGETHER = 16

/** A file that may be there, and what it is to be called. */
export interface WantedFile {
  readonly filename: string
  readonly find: () => Promise<LibraryFile | null>
}

/** What a ZIP of these files would hold: those that are there, as long as they were, each under a name of its own. */
export async function findEntries(files: readonly WantedFile[]): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = []
  const names = new Set<string>()
  for (let from = 0; from < files.length; from += LOOKED_AT_TOGETHER) {
    const some = files.slice(from, from + LOOKED_AT_TOGETHER)
    const found = await Promise.all(some.map(({ find }) => find().catch(() => null)))
    for (const [index, { filename }] of some.entries()) {
      const file = found[index]
      if (!file || file.bytes > MAX_ENTRY_BYTES) continue
      entries.push({ name: pickName(filename, names), bytes: file.bytes, modifiedMs: file.modifiedMs, open: () => file.read() })
    }
  }
  return entries
}

/** Names that a ZIP may hold on every system, each once: `a.jpg`, `a (2).jpg`. Case counts for nothing where they are unpacked. */
function pickName(filename: string, taken: Set<string>): string {
  const safe =
    filename
      .toWellFormed()
      .replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')
      .replace(/^\.+/, '_') || 'photo'
  const ending = extname(safe)
  const stem = safe.slice(0, safe.length - ending.length)
  let name = safe
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem} (${count})${ending}`
  taken.add(name.toLowerCase())
  return name
}
