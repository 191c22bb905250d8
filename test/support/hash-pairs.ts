/** @file The duplicates among picture files, found by their hashes as in the library. */
import { basename, extname } from 'node:path'
import { toLuma } from '../../src/domain/colour/luma.ts'
import { hashWords } from '../../src/domain/likeness/hamming.ts'
import { hashLuma, PDQ_MAX_SIDE } from '../../src/domain/likeness/pdq.ts'
import { type Duplicate, findDuplicates, MIN_QUALITY } from '../../src/pipeline/steps/duplicates/find-duplicates.ts'
import { HashIndex } from '../../src/pipeline/steps/duplicates/hash-index.ts'
import { openPicture } from './media.ts'

const THRESHOLD = 8

/** All pairs among these files, with their names without the extension. */
export async function pairUp(files: readonly string[]): Promise<(Duplicate & { names: [string, string] })[]> {
  const index = new HashIndex()
  const pairs: Duplicate[] = []
  for (const [i, file] of files.entries()) {
    const { data, width, height } = await (await openPicture(file)).fit(PDQ_MAX_SIDE)
    const { dihedral, quality } = hashLuma(toLuma(data), width, height)
    if (quality >= MIN_QUALITY) index.put(i + 1, hashWords(dihedral))
    pairs.push(...findDuplicates(index, { photoId: i + 1, quality, dihedral }, THRESHOLD))
  }
  const name = (id: number) => basename(files[id - 1]!, extname(files[id - 1]!))
  return pairs.map((pair) => ({ ...pair, names: [name(pair.photoId1), name(pair.photoId2)] }))
}
