/** @file Every hash against every other, turned ones included: what the step finds photo by photo, for the whole library at once. Pure. */
import { HASH_BYTES, hashWords, TRANSFORMS } from '../../domain/likeness/hamming.ts'
import { type Duplicate, findDuplicates } from '../../pipeline/steps/duplicates/find-duplicates.ts'
import { HashIndex } from '../../pipeline/steps/duplicates/hash-index.ts'

const TURNED_BYTES = TRANSFORMS.length * HASH_BYTES

/**
 * @param hashes [n × 256] bytes in the order of `ids`, of photos whose hash may be used
 * @returns each pair once
 */
export function comparePhotos(ids: Int32Array, hashes: Uint8Array, threshold: number): Duplicate[] {
  const index = new HashIndex()
  const pairs: Duplicate[] = []
  for (const [i, photoId] of ids.entries()) {
    const dihedral = hashes.subarray(i * TURNED_BYTES, (i + 1) * TURNED_BYTES)
    // against those that are in already: each pair is met once
    for (const pair of findDuplicates(index, { photoId, quality: 100, dihedral }, threshold)) pairs.push(pair)
    index.put(photoId, hashWords(dihedral))
  }
  return pairs
}
