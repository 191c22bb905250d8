/** @file Is an upload already in the store, and how is it known: the same bytes, the same picture, or only near by its embedding. */
import { LOOK_SPACE } from '../domain/likeness/look.ts'
import type { DuplicateIndex } from '../pipeline/steps/duplicates/duplicate-index.ts'
import type { Probed } from './probe/protocol.ts'
import { findNearest, type NeighbourDeps, readDistance } from './store-neighbours.ts'
import { findSameFile, type PictureRow, readPicturesOf } from './store-pictures.ts'

export type LikeKind = 'same-file' | 'same-picture' | 'similar'

export interface Like {
  readonly picture: PictureRow
  /** null: near, but no duplicate */
  readonly kind: LikeKind | null
  /** 1 − inner product, 0–2 */
  readonly distance: number
}

export interface FindLikeDeps extends NeighbourDeps {
  readonly duplicates: Pick<DuplicateIndex, 'find'>
  /** PDQ distance up to which two photos are the same picture */
  readonly pdqThreshold: number
}

export interface LikeQuestion {
  readonly store: string
  readonly sha256: string
  readonly probed: Probed
  /** distance below which the embedding alone says so */
  readonly below: number
  readonly limit: number
}

/** The space whose vectors are compared: of the embedding model where there is one, else the built-in one. */
export function vectorOf(probed: Probed): { readonly space: string; readonly vector: Float32Array } {
  return probed.embedding
    ? { space: probed.embedding.space.name, vector: probed.embedding.vector }
    : { space: LOOK_SPACE, vector: probed.look.vector }
}

const RANK: Readonly<Record<LikeKind, number>> = { 'same-file': 0, 'same-picture': 1, similar: 2 }

/** Copies in the whole library that are looked up in the store: a picture that is everywhere (a plain square) has thousands. */
const MAX_COPIES = 1000
/** Nearest that are looked up beyond what is wanted: some may have left the store meanwhile. */
const SPARE = 20

/** The surest first, then the nearest; at most `limit`, with what is near and no duplicate behind. */
export async function findLike(deps: FindLikeDeps, { store, sha256, probed, below, limit }: LikeQuestion): Promise<Like[]> {
  const { db } = deps
  const { space, vector } = vectorOf(probed)
  const near = new Map((await findNearest(deps, store, space, vector)).map(({ photoId, distance }) => [photoId, distance]))
  // the nearest first; most of them may lie in other stores or in none
  const copies = new Set(
    (await deps.duplicates.find(db, probed.hash, deps.pdqThreshold)).slice(0, MAX_COPIES).map(({ photoId }) => photoId),
  )
  const same = await findSameFile(db, store, sha256)
  const wanted = [...new Set([...(same ? [same.photoId] : []), ...copies, ...[...near.keys()].slice(0, limit + SPARE)])]
  const place = new Map(wanted.map((photoId, at) => [photoId, at]))
  const found = (await readPicturesOf(db, store, wanted)).sort((a, b) => (place.get(a.photoId) ?? 0) - (place.get(b.photoId) ?? 0))
  const likes: Like[] = []
  for (const picture of found.slice(0, limit + SPARE)) {
    const isSame = picture.photoId === same?.photoId
    const isCopy = copies.has(picture.photoId)
    // a copy may be outside the nearest, or have no vector in this space yet
    const distance = isSame ? 0 : (near.get(picture.photoId) ?? (await readDistance(db, space, picture.photoId, vector)) ?? 0)
    const kind: LikeKind | null = isSame ? 'same-file' : isCopy ? 'same-picture' : distance < below ? 'similar' : null
    likes.push({ picture, kind, distance })
  }
  const rank = ({ kind }: Like) => (kind === null ? 3 : RANK[kind])
  return likes.sort((a, b) => rank(a) - rank(b) || a.distance - b.distance || a.picture.id - b.picture.id).slice(0, limit)
}
