/** @file Whether a folder is the one the library knows: some of its files are looked for there, by size and time, else by their bytes. */
import { join } from 'node:path'
import type { Db } from '../db/client.ts'
import { openInside, type Place, readBounds } from '../storage/bounds.ts'
import { hashFile } from './hash-file.ts'
import { type SampledFile, sampleFiles } from './store-sources.ts'

const MAX_FILES = 50
const READ_TOGETHER = 4

export interface MovedFiles {
  readonly looked: number
  readonly found: number
}

/** @param place where the source would lie */
export async function checkMoved(db: Db, sourceId: number, place: Place, signal: AbortSignal): Promise<MovedFiles> {
  const bounds = await readBounds(place)
  const isThere = async (file: SampledFile): Promise<boolean> => {
    await using held = await openInside(join(place.root, file.path), bounds)
    if (held === null) return false
    const { size, mtimeMs } = await held.handle.stat()
    if (size !== file.bytes) return false
    return Math.floor(mtimeMs) === file.modifiedMs || (await hashFile(held.path, signal))?.sha256 === file.sha256
  }
  const sample = await sampleFiles(db, sourceId, MAX_FILES)
  let found = 0
  for (let from = 0; from < sample.length; from += READ_TOGETHER) {
    signal.throwIfAborted()
    const some = await Promise.all(sample.slice(from, from + READ_TOGETHER).map((file) => isThere(file).catch(() => false)))
    found += some.filter(Boolean).length
  }
  return { looked: sample.length, found }
}
