/** @file Where the bytes of a photo are now. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db/client.ts'
import { type Bounds, leadsInside, readBounds } from '../storage/bounds.ts'
import { readPresentFiles } from './store.ts'

export interface Original {
  /** absolute */
  readonly path: string
  /** where it must lie when it is opened */
  readonly bounds: Bounds
  readonly modifiedMs: number
  /** in a folder that is indexed in place, not in our own store */
  readonly isInFolder: boolean
}

/**
 * The first file of the photo that is really there, as long as it was, not known to be damaged, and within its source: a link that was
 * put in its place may lead anywhere.
 * @returns null when none is
 */
export async function locateOriginal(db: Db, uploadDir: string, photoId: number): Promise<Original | null> {
  for (const file of await readPresentFiles(db, photoId)) {
    if (file.problem !== null && file.problem !== 'missing') continue
    const root = file.root ?? uploadDir
    const path = join(root, file.path)
    const bounds = await readBounds({ root, followLinks: file.followLinks }).catch(() => undefined)
    if (bounds && (await leadsInside(path, bounds)) && (await isFileOf(path, file.bytes)))
      return { path, bounds, modifiedMs: file.modifiedMs, isInFolder: file.kind === 'folder' }
  }
  return null
}

/** Another length is another content: cut off, or replaced and not scanned yet. */
const isFileOf = (path: string, bytes: number): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile() && found.size === bytes,
    () => false,
  )
