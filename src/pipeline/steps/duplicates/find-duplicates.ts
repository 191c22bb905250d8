/** @file Decides how two photos are alike from their hashes: same picture, edited, or mirrored (flipped, turned). */
import type { DuplicateKind } from '../../../contract/words.ts'
import { HASH_BYTES, hashWords, invertTransform, TRANSFORMS, type Transform } from '../../../domain/likeness/hamming.ts'
import { type HashIndex, MAX_DISTANCE } from './hash-index.ts'

/** PDQ’s own rule: below this the picture is too plain (blank, blurred) for its hash to mean anything. */
export const MIN_QUALITY = 50

/**
 * Nearest pairs kept per photo. A thousand prints of one form would otherwise be a million rows; of equals the oldest are kept,
 * so the set still has its common members.
 */
export const MAX_PAIRS = 500

export interface PhotoHash {
  readonly photoId: number
  /** 0–100 */
  readonly quality: number
  /** [8 × 32] bytes in the order of TRANSFORMS; the first is the picture as it is */
  readonly dihedral: Uint8Array
}

export interface Duplicate {
  readonly photoId1: number
  readonly photoId2: number
  readonly kind: DuplicateKind
  readonly distance: number
  /** what was done to photo 2 to match photo 1 */
  readonly transform: Transform
}

/**
 * Every photo of the index that is a duplicate of `photo`, by photo id.
 * @param threshold PDQ distance up to which two photos are the same picture
 */
export function findDuplicates(index: HashIndex, photo: PhotoHash, threshold: number): Duplicate[] {
  if (photo.quality < MIN_QUALITY) return []
  const best = new Map<number, { distance: number; transform: Transform }>()
  for (const [turn, transform] of TRANSFORMS.entries())
    for (const { photoId, distance } of index.find(hashWords(photo.dihedral, turn * HASH_BYTES))) {
      if (photoId === photo.photoId) continue
      const known = best.get(photoId)
      // the upright match comes first and wins ties; within the threshold it is the same picture, however symmetrical
      if (known && (known.distance <= distance || (known.transform === 'none' && known.distance <= threshold))) continue
      best.set(photoId, { distance, transform })
    }
  return [...best]
    .sort(([idA, a], [idB, b]) => a.distance - b.distance || idA - idB)
    .slice(0, MAX_PAIRS)
    .map(([photoId, { distance, transform }]) => pair(photo.photoId, photoId, distance, transform, threshold))
    .sort((a, b) => a.photoId1 - b.photoId1 || a.photoId2 - b.photoId2)
}

function pair(asked: number, found: number, distance: number, transform: Transform, threshold: number): Duplicate {
  const kind = transform !== 'none' ? 'mirrored' : distance <= Math.min(threshold, MAX_DISTANCE) ? 'same-picture' : 'edited'
  // `transform` was done to the photo asked about to match the one found
  return asked < found
    ? { photoId1: asked, photoId2: found, kind, distance, transform: invertTransform(transform) }
    : { photoId1: found, photoId2: asked, kind, distance, transform }
}
