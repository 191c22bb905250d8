/** @file Where the bytes of a photo are now. */
import type { Db } from '../db/client.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { findBlob, findInPlace, type LibraryFile } from '../storage/library-file.ts'
import { readPresentFiles } from './store.ts'

/**
 * The first file of the photo that is really there, as long as it was, not known to be damaged, and within its source. Its time is that
 * of the file when it came in.
 * @returns null when none is @throws FototecaError `unavailable` where the store of uploads does not answer
 */
export async function locateOriginal(db: Db, originals: BlobStore, photoId: number): Promise<LibraryFile | null> {
  for (const { root, followLinks, path, bytes, modifiedMs, problem } of await readPresentFiles(db, photoId)) {
    if (problem !== null && problem !== 'missing') continue
    const found = await (root === null ? findBlob(originals, path, bytes) : findInPlace({ root, followLinks }, path, bytes))
    if (found) return { ...found, modifiedMs }
  }
  return null
}
