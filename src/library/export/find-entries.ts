/** @file What a ZIP of photos would hold: originals, or the previews made of them. */
import type { Db } from '../../db/client.ts'
import { EVERY_PHOTO, type Visibility } from '../../domain/visibility.ts'
import { renditionKey } from '../../storage/keys.ts'
import type { LibraryBlobs } from '../../storage/library-blobs.ts'
import { findBlob, findInPlace } from '../../storage/library-file.ts'
import { findEntries, type WantedFile } from '../downloads.ts'
import { readDownloadFiles } from '../store-downloads.ts'
import type { ZipEntry } from '../zip.ts'
import { readPreviewNames } from './store-export-rows.ts'

/** Photos per read: one statement of 100,000 would hold up everything else. */
const PAGE = 2000

export interface EntryFinderDeps {
  readonly db: Db
  readonly blobs: Pick<LibraryBlobs, 'originals' | 'renditions'>
}

/** Their originals. */
export async function findOriginals({ db, blobs }: EntryFinderDeps, sees: Visibility, ids: readonly number[]): Promise<WantedFile[]> {
  const files = await readDownloadFiles(db, sees, ids)
  return files.map(({ filename, root, followLinks, path, bytes }) => ({
    filename,
    find: () => (root === null ? findBlob(blobs.originals, path, bytes) : findInPlace({ root, followLinks }, path, bytes)),
  }))
}

export function createEntryFinder(deps: EntryFinderDeps) {
  const { db, blobs } = deps
  return async (ids: readonly number[], kind: 'originals' | 'previews'): Promise<ZipEntry[]> => {
    const files: WantedFile[] = []
    for (let from = 0; from < ids.length; from += PAGE) {
      const page = ids.slice(from, from + PAGE)
      if (kind === 'originals') files.push(...(await findOriginals(deps, EVERY_PHOTO, page)))
      else
        for (const { filename, sha256, bytes } of await readPreviewNames(db, page))
          files.push({
            filename: `${filename}.webp`,
            find: () => findBlob(blobs.renditions, renditionKey(sha256, 'preview'), bytes ?? undefined),
          })
    }
    return findEntries(files)
  }
}
