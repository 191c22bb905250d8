/** @file Albums by hand, saved searches that fill themselves, albums of similar photos; exports of any of them. */
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
import { findPictureCutOff } from '../models/spaces/cut-offs.ts'
import type { LibraryBlobs } from '../storage/library-blobs.ts'
import type { Finding } from './finding.ts'
import type { Signals } from './signals.ts'

type AlbumNeeds = Pick<Finding, 'search' | 'findPhotos'>

export function composeAlbums(
  blobs: LibraryBlobs,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  { search, findPhotos }: AlbumNeeds,
) {
  const savedSearches = stack.use(new SavedSearches({ db, log, findPhotos }))
  for (const signal of [signals.photoDone, signals.factsChanged, signals.modelsChanged]) signal.listen(savedSearches.wake)
  const albums = createAlbums({ db, findPhotos, search, fill: savedSearches.fill, onChanged: signals.factsChanged.emit })
  const exports = createExports({
    db,
    choose: async (sees, photos) =>
      'ids' in photos ? photos.ids : 'album' in photos ? albums.ids(sees, photos.album) : findPhotos(sees, photos.search),
    findEntries: createEntryFinder({ db, blobs }),
    lists: createKeptLists(blobs.exports, Date.now),
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
