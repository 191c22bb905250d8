/** @file Albums by hand, saved searches that fill themselves, albums of similar photos. */
import type { OpenDatabase } from '../db/client.ts'
import type { Log } from '../domain/log.ts'
import { createAlbums } from '../group/albums/albums.ts'
import { SavedSearches } from '../group/albums/saved-searches.ts'
import { createSimilarAlbum } from '../group/albums/similar-album.ts'
import type { Finding } from './finding.ts'
import type { Signals } from './signals.ts'

export function composeAlbums(
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  finding: Pick<Finding, 'search' | 'findPhotos'>,
) {
  const { search, findPhotos } = finding
  const savedSearches = stack.use(new SavedSearches({ db, log, findPhotos }))
  for (const signal of [signals.photoDone, signals.factsChanged, signals.modelsChanged]) signal.listen(savedSearches.wake)
  return {
    savedSearches,
    albums: createAlbums({ db, findPhotos, search, fill: savedSearches.fill, onChanged: savedSearches.wake }),
    similarAlbum: createSimilarAlbum(db, search),
  }
}
