/** @file System A’s album of similar photos: neighbours within L2 1.5 on unit vectors, another choice on each call unless a seed is given. */
import { SIMILAR_L2, type SimilarAlbum, type SimilarAlbumQuery } from '../../contract/albums.ts'
import type { SearchAnswer, SearchQuery } from '../../contract/search.ts'
import type { Db } from '../../db/client.ts'
import { readPhotoCards } from '../../library/store-photos.ts'
import { shuffle, startRandom } from './random.ts'
import { drawPhoto } from './store-albums.ts'

/**
 * The album is drawn from this many times its length: the nearest. The limit itself keeps nearly everything (it is a cosine of
 * −0.125), so drawing from all within it would be no album of similar photos.
 */
const DRAWN_FROM = 3
const MAX_NEAR = 200

export function createSimilarAlbum(db: Db, search: (query: SearchQuery) => Promise<SearchAnswer>) {
  /** @throws FototecaError `not_found` for an unknown photo */
  return async ({ photo_id, limit, seed = Math.floor(Math.random() * 2 ** 32) }: SimilarAlbumQuery): Promise<SimilarAlbum> => {
    const random = startRandom(seed)
    const drawn = random()
    const id = photo_id ?? (await drawPhoto(db, drawn))
    if (id === undefined)
      return { seed, photo: null, space: null, max_distance: SIMILAR_L2, photos: [], notice: 'There are no photos yet.' }
    const answer = await search({ q: '', mode: 'hybrid', like: id, all: true, limit: Math.min(MAX_NEAR, limit * DRAWN_FROM) })
    const near = answer.hits.flatMap(({ photo, why }) => {
      const cosineDistance = why[0]?.cosine_distance ?? null
      const distance = cosineDistance === null ? null : Math.sqrt(2 * Math.max(0, cosineDistance))
      return distance === null || distance > SIMILAR_L2 ? [] : [{ photo, distance }]
    })
    const [photo = null] = await readPhotoCards(db, [id])
    return {
      seed,
      photo,
      space: answer.space,
      max_distance: SIMILAR_L2,
      photos: shuffle(near, random).slice(0, limit),
      notice: answer.notice,
    }
  }
}
