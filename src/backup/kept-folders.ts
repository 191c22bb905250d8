/** @file The folders of the data folder that a backup holds whole, beside the originals: what cannot be made again from them. */
import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from '../storage/blob-store.ts'
import { findBlob, findInPlace, streamFile } from '../storage/library-file.ts'
import type { FileToCopy } from './copy-files.ts'
import { hashStream } from './packed.ts'
import type { SavedFile } from './snapshot.ts'

/** Sidecars, stores in the data folder, models. */
const FOLDERS = ['sidecars', 'stores', 'models'] as const
/** Made pictures that wait for approval: blobs, as the originals are. */
export const HELD = 'held'
/** Left out: thumbnails and previews (made again), exports and temporary files, the log of the program. */
export const KEPT_FOLDERS = [HELD, ...FOLDERS] as const

/** Where uploaded originals lie; their rows say which. */
export const ORIGINALS = 'originals'

/**
 * @param known files of the last backup: one of the same size and time is not read again
 * @param onChanging a file that was written while it was looked at
 */
export async function* listKept(
  { dataDir, held }: { readonly dataDir: string; readonly held: BlobStore },
  known: ReadonlyMap<string, SavedFile>,
  onChanging: (path: string) => void,
  signal: AbortSignal,
): AsyncGenerator<FileToCopy> {
  const name = async (path: string, find: FileToCopy['find']): Promise<FileToCopy | null> => {
    signal.throwIfAborted()
    const found = await find()
    if (!found) return null
    const [bytes, modified_ms] = [found.bytes, Math.floor(found.modifiedMs)]
    const before = known.get(path)
    if (before?.bytes === bytes && before.modified_ms === modified_ms) return { ...before, find }
    const hashed = await hashStream(streamFile(found), signal).catch((error: unknown) => {
      signal.throwIfAborted()
      const { code } = error as { readonly code?: string }
      if (code === 'ENOENT' || code === 'unavailable') return null
      throw error
    })
    const after = hashed && (await find())
    if (!hashed || !after) return null
    if (hashed.bytes === bytes && after.modifiedMs === found.modifiedMs && after.bytes === bytes)
      return { path, sha256: hashed.sha256, bytes, modified_ms, is_copied: true, find }
    onChanging(path)
    return null
  }
  for await (const { key } of held.list()) {
    const file = await name(`${HELD}/${key}`, () => findBlob(held, key))
    if (file) yield file
  }
  for (const folder of FOLDERS)
    for await (const path of walk(dataDir, folder)) {
      const file = await name(path, () => findInPlace({ root: join(dataDir, folder), followLinks: [] }, path.slice(folder.length + 1)))
      if (file) yield file
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
