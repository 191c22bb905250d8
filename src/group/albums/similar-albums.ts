/** @file System A’s albums of similar photos: groups within the measured cut-off of their space, others on each call unless a seed is given. */
import { SIMILAR_L2, type SimilarAlbum, type SimilarAlbums, type SimilarAlbumsQuery } from '../../contract/albums.ts'
import type { SearchAnswer, SearchQuery } from '../../contract/search.ts'
import type { Db } from '../../db/client.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { readPhotoCards } from '../../library/store-photos.ts'
import { shuffle, startRandom } from './random.ts'
import { drawPhoto } from './store-albums.ts'

/** As many as a search reads. */
const MAX_NEAR = 200
/** Where nobody measured a cut-off the nearest are taken: this many times the length of an album. */
const DRAWN_FROM = 3
/** A group of fewer photos beside the drawn one is no album. */
const MIN_SIMILAR = 2
/** Photos drawn for each album that is asked for: many photos are like no other. */
const DRAWS_EACH = 6

export interface SimilarAlbumsDeps {
  readonly db: Db
  readonly search: (sees: Visibility, query: SearchQuery) => Promise<SearchAnswer>
  /** 1 − cosine within which photos of a space show the same kind of thing; null where nobody measured it */
  readonly cutOff: (space: string) => number | null
}

const toL2 = (cosineDistance: number): number => Math.sqrt(2 * Math.max(0, cosineDistance))

export function createSimilarAlbums({ db, search, cutOff }: SimilarAlbumsDeps) {
  async function findNear(sees: Visibility, id: number, limit: number) {
    const answer = await search(sees, { q: '', mode: 'hybrid', like: id, all: true, limit: MAX_NEAR })
    const measured = answer.space === null ? null : cutOff(answer.space)
    const maxDistance = measured === null ? SIMILAR_L2 : toL2(measured)
    const hits = measured === null ? answer.hits.slice(0, limit * DRAWN_FROM) : answer.hits
    const near = hits.flatMap(({ photo, why }) => {
      const cosineDistance = why[0]?.cosine_distance ?? null
      const distance = cosineDistance === null ? null : toL2(cosineDistance)
      return distance === null || distance > maxDistance ? [] : [{ photo, distance }]
    })
    return { near, space: answer.space, maxDistance, notice: answer.notice, isMeasured: measured !== null }
  }

  /** @throws FototecaError `not_found` for an unknown photo */
  return async (
    sees: Visibility,
    { photo_id, albums: wanted, limit, seed = Math.floor(Math.random() * 2 ** 32) }: SimilarAlbumsQuery,
  ): Promise<SimilarAlbums> => {
    const random = startRandom(seed)
    const albums: SimilarAlbum[] = []
    const taken = new Set<number>()
    const drawn = new Set<number>()
    let found: Awaited<ReturnType<typeof findNear>> | null = null
    const draws = photo_id === undefined ? wanted * DRAWS_EACH : 1
    for (let draw = 0; draw < draws && albums.length < wanted; draw++) {
      const id = photo_id ?? (await drawPhoto(db, sees, random()))
      if (id === undefined) break
      if (taken.has(id) || (drawn.has(id) && (draw < draws - 1 || albums.length > 0))) continue
      drawn.add(id)
      found = await findNear(sees, id, limit)
      const near = found.near.filter(({ photo }) => !taken.has(photo.id))
      // in a library of unlike photos the last one drawn is shown all the same
      const isLast = draw === draws - 1 && albums.length === 0
      if (photo_id === undefined && near.length < MIN_SIMILAR && !isLast) continue
      const [photo] = await readPhotoCards(db, sees, [id])
      if (!photo) continue // deleted meanwhile
      const photos = shuffle(near, random).slice(0, limit)
      for (const one of [photo, ...photos.map((similar) => similar.photo)]) taken.add(one.id)
      albums.push({ photo, photos })
    }
    return {
      seed,
      space: found?.space ?? null,
      max_distance: found?.maxDistance ?? SIMILAR_L2,
      albums,
      notice: sayWhy(found, albums, drawn.size),
    }
  }
}

function sayWhy(
  found: { readonly notice: string | null; readonly isMeasured: boolean; readonly space: string | null } | null,
  albums: readonly SimilarAlbum[],
  drawn: number,
): string | null {
  if (found === null || drawn === 0) return 'There are no photos yet.'
  if (found.notice !== null) return found.notice
  if (albums.every(({ photos }) => photos.length === 0)) return 'None of the photos looked at has others like it.'
  if (!found.isMeasured) return 'For this model no limit of similarity has been measured: these are the nearest photos, however far off.'
  return null
}
