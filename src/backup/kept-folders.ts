/** @file The folders of the data folder that a backup holds whole, beside the originals: what cannot be made again from them. */
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from '../ingest/hash-file.ts'
import type { SavedFile } from './snapshot.ts'

/**
 * Made pictures that wait for approval, sidecars, stores in the data folder, models. Left out: thumbnails and previews (made again),
 * exports and temporary files, the log of the program.
 */
export const KEPT_FOLDERS = ['held', 'sidecars', 'stores', 'models'] as const

/** Where uploaded originals lie; their rows say which. */
export const ORIGINALS = 'originals'

/**
 * @param known files of the last backup: one of the same size and time is not read again
 * @param onGone a file that went while it was looked at
 */
export async function* listKept(
  dataDir: string,
  known: ReadonlyMap<string, SavedFile>,
  onChanging: (path: string) => void,
  signal: AbortSignal,
): AsyncGenerator<SavedFile> {
  for (const folder of KEPT_FOLDERS) {
    for await (const path of walk(dataDir, folder)) {
      signal.throwIfAborted()
      const found = await stat(join(dataDir, path)).catch(absent)
      if (!found) continue
      const [bytes, modified_ms] = [found.size, Math.floor(found.mtimeMs)]
      const before = known.get(path)
      if (before?.bytes === bytes && before.modified_ms === modified_ms) {
        yield before
        continue
      }
      const hashed = await hashFile(join(dataDir, path), signal).catch(absent)
      if (hashed) yield { path, sha256: hashed.sha256, bytes: hashed.bytes, modified_ms: hashed.modifiedMs, is_copied: true }
      else if (hashed === null) onChanging(path)
    }
  }
}

/** Files below a folder of the data folder, hidden ones (half-written) left out; links are not followed. */
async function* walk(dataDir: string, below: string): AsyncGenerator<string> {
  const folder = await opendir(join(dataDir, below)).catch(absent)
  if (!folder) return
  for await (const entry of folder) {
    if (entry.name.startsWith('.')) continue
    const path = `${below}/${entry.name}`
    if (entry.isDirectory()) yield* walk(dataDir, path)
    else if (entry.isFile()) yield path
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}
