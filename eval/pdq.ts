/** @file PDQ against the reference hashes of facebook/ThreatExchange, and whether turned copies are found. */

import { readFileSync } from 'node:fs'
import { readCsv } from '../src/domain/csv.ts'
import { HASH_BYTES, hammingDistance, hashWords, TRANSFORMS, type Transform } from '../src/domain/likeness/hamming.ts'
import { hashPicture } from '../src/media/hash-picture.ts'
import { openPicture } from '../test/support/media.ts'
import { dataPath } from '../test/support/shared.ts'

/** Turned copies of the first picture, and what each turn is called here. */
const TURNED: Readonly<Record<string, Transform>> = {
  'bridge-2-rotate-90': 'rotate-270', // the reference counts counter-clockwise
  'bridge-3-rotate-180': 'rotate-180',
  'bridge-4-rotate-270': 'rotate-90',
  'bridge-5-flipx': 'flip-y', // and calls it after the axis that stays
  'bridge-6-flipy': 'flip-x',
  'bridge-7-flip-plus-1': 'transpose',
  'bridge-8-flip-minus-1': 'anti-transpose',
}

const hashFile = async (path: string) => hashPicture(await openPicture(path))

export async function run(): Promise<{ name: string; metrics: Record<string, number>; notes: string[] }> {
  const distances: number[] = []
  let poor = 0
  for (const [file = '', expected = ''] of readCsv(readFileSync(dataPath('pdq/expected-hashes.csv'), 'utf8')).slice(1)) {
    const { pdq, quality } = await hashFile(dataPath('pdq', file))
    if (quality < 80) poor++
    else distances.push(hammingDistance(hashWords(pdq), 0, hashWords(Buffer.from(expected, 'hex'))))
  }
  const sorted = distances.toSorted((a, b) => a - b)

  const { dihedral } = await hashFile(dataPath('pdq/reg-test-input/dih/bridge-1-original.jpg'))
  const turned: number[] = []
  for (const [name, transform] of Object.entries(TURNED)) {
    const { pdq } = await hashFile(dataPath(`pdq/reg-test-input/dih/${name}.jpg`))
    turned.push(hammingDistance(hashWords(dihedral, TRANSFORMS.indexOf(transform) * HASH_BYTES), 0, hashWords(pdq)))
  }
  return {
    name: 'pdq',
    metrics: {
      reference_median_bits: sorted[sorted.length >> 1] ?? Number.NaN,
      reference_max_bits: sorted.at(-1) ?? Number.NaN,
      reference_within_10: distances.filter((distance) => distance <= 10).length / distances.length,
      turned_max_bits: Math.max(...turned),
      turned_within_31: turned.filter((distance) => distance <= 31).length / turned.length,
    },
    notes: [
      `${distances.length} reference hashes at quality ≥ 80 (${poor} pictures of less quality left out), ${turned.length} turned copies`,
    ],
  }
}
