/** @file Comparing 100,000 PDQ hashes: one photo against all, all against all as they are and in eight turns, and the naive way on a part; sets from the pairs. */
import { HASH_BYTES, hammingDistance, hashWords, TRANSFORMS } from '../src/domain/likeness/hamming.ts'
import { buildSets } from '../src/group/duplicates/build-sets.ts'
import { comparePhotos } from '../src/group/duplicates/compare-all.ts'
import { findDuplicates } from '../src/pipeline/steps/duplicates/find-duplicates.ts'
import { HashIndex } from '../src/pipeline/steps/duplicates/hash-index.ts'
import { makeRandom } from './random.ts'
import type { Benchmark, Row } from './row.ts'

const PHOTOS = Number(process.env.FOTOTECA_BENCH_PHOTOS ?? 100_000)
/** every tenth photo is a copy of the one before, up to 31 bits away */
const COPY_EVERY = 10
const NAIVE = Math.min(5000, PHOTOS)
const TURNED = TRANSFORMS.length * HASH_BYTES

export async function run(): Promise<Benchmark> {
  const hashes = makeHashes()
  const ids = Int32Array.from({ length: PHOTOS }, (_, i) => i + 1)
  const rows: Row[] = []
  const time = <T>(label: string, work: () => T, unit: 's' | 'ms' = 's', per = 1): T => {
    const started = process.cpuUsage()
    const result = work()
    const { user, system } = process.cpuUsage(started)
    rows.push({ label, value: (user + system) / (unit === 's' ? 1e6 : 1e3) / per, unit })
    return result
  }
  const pairs = time('all against all in eight turns, processor time', () => comparePhotos(ids, hashes, 8))
  rows.push({ label: 'pairs found', value: pairs.length, unit: 'pairs' })
  const index = new HashIndex()
  time('filling the index', () => {
    for (let i = 0; i < PHOTOS; i++) index.put(i + 1, hashWords(hashes, i * TURNED))
  })
  time(
    'one more photo against all, eight turns',
    () => {
      for (let i = 0; i < 1000; i++)
        findDuplicates(index, { photoId: i + 1, quality: 100, dihedral: hashes.subarray(i * TURNED, (i + 1) * TURNED) }, 8)
    },
    'ms',
    1000,
  )
  const words = hashWords.bind(null, hashes)
  const table = new Uint32Array(NAIVE * 8)
  for (let i = 0; i < NAIVE; i++) table.set(words(i * TURNED), i * 8)
  time(`the naive way: ${NAIVE} against ${NAIVE}, as they are`, () => {
    let near = 0
    for (let i = 0; i < NAIVE; i++) {
      const hash = table.subarray(i * 8, i * 8 + 8)
      for (let j = 0; j < i; j++) if (hammingDistance(table, j * 8, hash, 31) <= 31) near++
    }
    return near
  })
  const naive = rows.at(-1)?.value ?? 0
  rows.push({
    label: 'the naive way for all in eight turns, reckoned',
    value: naive * (PHOTOS / NAIVE) ** 2 * TRANSFORMS.length,
    unit: 's',
  })
  const order = [...ids]
  time('sets from the pairs', () =>
    buildSets(
      pairs.map(({ photoId1, photoId2, kind }) => ({ a: photoId1, b: photoId2, kind })),
      order,
    ),
  )
  return { name: 'duplicates', rows }
}

function makeHashes(): Uint8Array {
  const random = makeRandom(5)
  const hashes = new Uint8Array(PHOTOS * TURNED)
  for (let i = 0; i < hashes.length; i++) hashes[i] = Math.floor(random() * 256)
  for (let photo = COPY_EVERY; photo < PHOTOS; photo += COPY_EVERY) {
    hashes.copyWithin(photo * TURNED, (photo - 1) * TURNED, (photo - 1) * TURNED + HASH_BYTES)
    for (let n = Math.floor(random() * 32); n > 0; n--) {
      const bit = Math.floor(random() * 256)
      const at = photo * TURNED + (bit >> 3)
      hashes[at] = (hashes[at] ?? 0) ^ (1 << (bit & 7))
    }
  }
  return hashes
}
