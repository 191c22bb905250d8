/**
 * @file Whether a crop still has its picture among its nearest in a library of 100,000: beside the real pictures stand made-up ones, between
 * two real ones and off the line by noise, each at least as near to a real one as real ones are to each other.
 */
import { makeRandom } from '../bench/random.ts'
import type { Seen } from './duplicate-pictures.ts'

const CROWD = 100_000
/** Length of the noise beside vectors of length 1: in the middle the nearest real picture is at cosine .77 (`look`), that of real ones at .69. */
const JITTER = 0.7
const EDITS = ['crop 10 %', 'crop 20 %', 'border', 'half of it']

/** @returns per edit how many copies have their picture among so many nearest, in a line */
export function placeInCrowd(pictures: readonly Seen[], key: 'look' | 'model', nearest: number): string {
  const originals = pictures.filter(({ truth }) => truth === 'original')
  const own = new Map(originals.map((seen) => [seen.source, seen]))
  const copies = pictures.flatMap((seen) => {
    const original = EDITS.includes(seen.edit) ? own.get(seen.source) : undefined
    if (!original) return []
    const near = dot(seen[key], original[key])
    const ahead = originals.filter((other) => other.source !== seen.source && dot(other[key], seen[key]) > near).length
    return [{ seen, near, ahead }]
  })
  const random = makeRandom(17)
  const made = new Float32Array(originals[0]?.[key].length ?? 0)
  for (let i = 0; i < CROWD - originals.length; i++) {
    const [a, b, t] = [random.pick(originals), random.pick(originals), random()]
    let square = 0
    for (let at = 0; at < made.length; at++) {
      const value = (a[key][at] ?? 0) * (1 - t) + (b[key][at] ?? 0) * t + (random.normal() * JITTER) / Math.sqrt(made.length)
      made[at] = value
      square += value * value
    }
    const length = Math.sqrt(square)
    // half made of the picture itself it would be no other one
    for (const copy of copies)
      if (copy.seen.source !== a.source && copy.seen.source !== b.source && dot(made, copy.seen[key]) > copy.near * length) copy.ahead++
  }
  const counts = EDITS.map((edit) => {
    const ofEdit = copies.filter(({ seen }) => seen.edit === edit)
    return `${edit} ${ofEdit.filter(({ ahead }) => ahead < nearest).length} of ${ofEdit.length}`
  })
  return `their picture among the ${nearest} nearest of ${CROWD}: ${counts.join(', ')}`
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}
