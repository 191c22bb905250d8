/** @file Search by examples: photos, a part of one, a picture that was sent; wanted and unwanted ones become one vector. */

import { type Crop, parseCrop } from '../contract/search.ts'
import type { Db } from '../db/client.ts'
import { photoExists } from '../db/visible.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Box } from '../domain/geometry.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { SearchMemory } from './memory.ts'
import type { PictureVectors } from './picture-vectors.ts'
import { readVector, type SpaceRow } from './store-vector.ts'
import { PICTURE_SHARE } from './weights.ts'

export const LOOK_SPACE = 'builtin/look'

/** What unwanted examples weigh against wanted ones: Rocchio’s usual γ over β, .25 / .75. */
const UNWANTED = 1 / 3

export interface Examples {
  readonly like: number | null
  /** of `like`, this part alone */
  readonly crop: Crop | null
  readonly also: readonly number[]
  readonly unlike: readonly number[]
  /** key of a picture that was sent */
  readonly picture: string | null
}

export interface ExampleDeps {
  readonly db: Db
  readonly memory: SearchMemory
  /** vectors of a part of a photo */
  readonly lookAt: (photoId: number, crop: Box) => Promise<PictureVectors>
}

export function hasExamples({ like, also, picture }: Examples): boolean {
  return like !== null || also.length > 0 || picture !== null
}

/** Photos that are examples themselves: no hits. */
export function listExampleIds({ like, also, unlike }: Examples): number[] {
  return [...(like === null ? [] : [like]), ...also, ...unlike]
}

/**
 * The vector of all examples in the first of these spaces that holds every wanted one.
 * @throws FototecaError `not_found` for a photo that is not there, or a picture that is forgotten
 */
export async function findExampleVector(deps: ExampleDeps, sees: Visibility, spaces: readonly SpaceRow[], examples: Examples) {
  const { like, crop, also, unlike, picture } = examples
  for (const id of listExampleIds(examples))
    if (!(await photoExists(deps.db, sees, id))) throw new FototecaError('not_found', `there is no photo ${id}`)
  const shown = await listShown(deps, like, crop, picture)
  const plain = [...(like !== null && crop === null ? [like] : []), ...also]
  for (const space of spaces) {
    const wanted = [...shown.map((vectors) => vectorIn(space, vectors)), ...(await readVectors(deps.db, space, plain))]
    if (wanted.some((vector) => vector === undefined)) continue
    const unwanted = (await readVectors(deps.db, space, unlike)).filter((vector) => vector !== undefined)
    return { space, vector: blend(wanted as Float32Array[], unwanted) }
  }
  return undefined
}

/** Pictures whose vectors are in no table. */
async function listShown({ memory, lookAt }: ExampleDeps, like: number | null, crop: Crop | null, picture: string | null) {
  const shown: PictureVectors[] = []
  if (picture !== null) {
    const vectors = memory.recallPicture(picture)
    if (!vectors) throw new FototecaError('not_found', 'the picture that was sent is forgotten by now: send it again')
    shown.push(vectors)
  }
  if (like !== null && crop !== null) {
    const key = `${like}:${crop}`
    const known = memory.recallPicture(key) ?? (await lookAt(like, parseCrop(crop)))
    memory.keepPicture(known, key)
    shown.push(known)
  }
  return shown
}

function vectorIn({ name, width }: SpaceRow, { look, own }: PictureVectors): Float32Array | undefined {
  const vector = own?.space === name ? own.vector : name.startsWith(LOOK_SPACE) ? look : undefined
  return vector?.length === width ? vector : undefined
}

async function readVectors(db: Db, space: SpaceRow, ids: readonly number[]): Promise<(Float32Array | undefined)[]> {
  const found: (Float32Array | undefined)[] = []
  for (const id of ids) found.push(await readVector(db, space.id, id))
  return found
}

/** The mean of what is wanted, less a third of the mean of what is not, of unit length. One vector alone stays as it is. */
export function blend(wanted: readonly Float32Array[], unwanted: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = wanted
  if (wanted.length === 1 && unwanted.length === 0) return first
  const sum = new Float32Array(first.length)
  const add = (vectors: readonly Float32Array[], weight: number) => {
    for (const vector of vectors) for (const [i, value] of vector.entries()) sum[i] = (sum[i] ?? 0) + (value * weight) / vectors.length
  }
  add(wanted, 1)
  add(unwanted, -UNWANTED)
  return toUnitLength(sum) ?? first
}

/** A picture and words of one space, both of unit length, as one vector of unit length. @param share what the picture weighs, of 1 */
export function combine(picture: Float32Array, words: Float32Array, share = PICTURE_SHARE): Float32Array {
  return toUnitLength(picture.map((value, i) => share * value + (1 - share) * (words[i] ?? 0))) ?? words
}

/** Null without a direction. */
function toUnitLength(vector: Float32Array): Float32Array | null {
  const length = Math.hypot(...vector)
  return length === 0 ? null : vector.map((value) => value / length)
}
