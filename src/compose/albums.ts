/** @file Albums by hand, saved searches that fill themselves, albums of similar photos; exports of any of them. */
import { join } from 'node:path'
import type { Config } from '../config/schema.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import type { EditsDeps } from '../edit/edits.ts'
import { createAlbums } from '../group/albums/albums.ts'
import { SavedSearches } from '../group/albums/saved-searches.ts'
import { createSimilarAlbums } from '../group/albums/similar-albums.ts'
import { undoAlbumChange } from '../group/albums/undo-change.ts'
import { createExports } from '../library/export/exports.ts'
import { createEntryFinder } from '../library/export/find-entries.ts'
import { createKeptLists } from '../library/export/kept-lists.ts'
import { previewPath, renditionDir } from '../media/rendition-paths.ts'
import { findPictureCutOff } from '../models/spaces/cut-offs.ts'
import type { Finding } from './finding.ts'
import type { Signals } from './signals.ts'

interface AlbumNeeds extends Pick<Finding, 'search' | 'findPhotos'> {
  readonly uploadDir: string
}

export function composeAlbums(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  { search, findPhotos, uploadDir }: AlbumNeeds,
) {
  const savedSearches = stack.use(new SavedSearches({ db, log, findPhotos }))
  for (const signal of [signals.photoDone, signals.factsChanged, signals.modelsChanged]) signal.listen(savedSearches.wake)
  const albums = createAlbums({ db, findPhotos, search, fill: savedSearches.fill, onChanged: signals.factsChanged.emit })
  const exports = createExports({
    db,
    choose: async (sees, photos) =>
      'ids' in photos ? photos.ids : 'album' in photos ? albums.ids(sees, photos.album) : findPhotos(sees, photos.search),
    findEntries: createEntryFinder({ db, uploadDir, previewPath: (sha256) => previewPath(renditionDir(config.dataDir, sha256)) }),
    lists: createKeptLists(join(config.dataDir, 'exports'), Date.now),
  })
  return { savedSearches, albums, exports, similarAlbums: createSimilarAlbums({ db, search, cutOff: findPictureCutOff }) }
}

/** Changes of albums are taken back through the one history, which is composed before albums are. */
export function undoAlbums({ db }: OpenDatabase, signals: Signals): EditsDeps['undoers']['albums'] {
  return async (actor, edit) => {
    const made = await undoAlbumChange(db, actor, edit)
    signals.factsChanged.emit()
    return made
  }
}
