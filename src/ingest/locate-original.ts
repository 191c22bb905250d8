/** @file Where the bytes of a photo are now. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db/client.ts'
import { readPresentFiles } from './store.ts'

export interface Original {
  /** absolute */
  readonly path: string
  readonly modifiedMs: number
  /** in a folder that is indexed in place, not in our own store */
  readonly isInFolder: boolean
}

/** @returns the first file of the photo that is really there; null when none is */
export async function locateOriginal(db: Db, uploadDir: string, photoId: number): Promise<Original | null> {
  for (const file of await readPresentFiles(db, photoId)) {
    const path = join(file.root ?? uploadDir, file.path)
    const isThere = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    )
    if (isThere) return { path, modifiedMs: file.modifiedMs, isInFolder: file.kind === 'folder' }
  }
  return null
}
