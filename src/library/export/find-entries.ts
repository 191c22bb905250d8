/** @file What a ZIP of photos would hold: originals, or the previews made of them. */
import type { Db } from '../../db/client.ts'
import { EVERY_PHOTO } from '../../domain/visibility.ts'
import { findEntries } from '../downloads.ts'
import { type DownloadFile, readDownloadFiles } from '../store-downloads.ts'
import type { ZipEntry } from '../zip.ts'
import { readPreviewNames } from './store-export-rows.ts'

/** Photos per read: one statement of 100,000 would hold up everything else. */
const PAGE = 2000

export interface EntryFinderDeps {
  readonly db: Db
  /** the blob store’s folder */
  readonly uploadDir: string
  readonly previewPath: (sha256: string) => string
}

export function createEntryFinder({ db, uploadDir, previewPath }: EntryFinderDeps) {
  return async (ids: readonly number[], kind: 'originals' | 'previews'): Promise<ZipEntry[]> => {
    const files: DownloadFile[] = []
    for (let from = 0; from < ids.length; from += PAGE) {
      const page = ids.slice(from, from + PAGE)
      if (kind === 'originals') files.push(...(await readDownloadFiles(db, EVERY_PHOTO, page)))
      else
        for (const { id, filename, sha256, bytes } of await readPreviewNames(db, page))
          files.push({ id, filename: `${filename}.webp`, root: '/', followLinks: [], path: previewPath(sha256), bytes: bytes ?? undefined })
    }
    return findEntries(files, uploadDir)
  }
}
