import { expect, it } from 'vitest'
import { HASH_WORDS, hammingDistance } from '../../../domain/likeness/hamming.ts'
import { HashIndex } from './hash-index.ts'

/** Seeded, so that a failure can be seen again. */
function makeRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
const randomHash = (random: () => number) => Uint32Array.from({ length: HASH_WORDS }, () => Math.floor(random() * 2 ** 32))
function flipBits(hash: Uint32Array, count: number, random: () => number): Uint32Array {
  const out = hash.slice()
  const bits = new Set<number>()
  while (bits.size < count) bits.add(Math.floor(random() * 256))
  for (const bit of bits) out[bit >> 5] = (out[bit >> 5]! ^ (1 << (bit & 31))) >>> 0
  return out
}

it('finds exactly what counting every hash finds, also after changes', () => {
  const random = makeRandom(7)
  const index = new HashIndex()
  const truth = new Map<number, Uint32Array>()
  const centres = Array.from({ length: 40 }, () => randomHash(random))
  for (let id = 1; id <= 3000; id++) {
    const hash = flipBits(centres[id % 40]!, Math.floor(random() * 60), random)
    truth.set(id, hash)
    index.put(id, hash)
  }
  for (let id = 1; id <= 3000; id += 3) {
    if (id % 2 === 0) {
      truth.delete(id)
      index.remove(id)
    } else {
      const hash = flipBits(centres[(id * 7) % 40]!, Math.floor(random() * 60), random)
      truth.set(id, hash)
      index.put(id, hash)
    }
  }
  expect(index.size).toBe(truth.size)
  let found = 0
  for (let i = 0; i < 200; i++) {
    // from equal to just beyond the limit: the guarantee must hold at 31 itself
    const question = flipBits(centres[i % 40]!, i % 33, random)
    const expected = [...truth].flatMap(([photoId, hash]) => {
      const distance = hammingDistance(hash, 0, question)
      return distance <= 31 ? [{ photoId, distance }] : []
    })
    expect(index.find(question).sort((a, b) => a.photoId - b.photoId)).toEqual(expected.sort((a, b) => a.photoId - b.photoId))
    found += expected.length
  }
  expect(found).toBeGreaterThan(500)
})

it('misses nothing at 31 bits, wherever the bits fall', () => {
  const random = makeRandom(11)
  for (let i = 0; i < 300; i++) {
    const index = new HashIndex()
    const hash = randomHash(random)
    index.put(1, flipBits(hash, 31, random))
    expect(index.find(hash)).toEqual([{ photoId: 1, distance: 31 }])
    index.put(1, flipBits(hash, 32, random))
    expect(index.find(hash)).toEqual([])
  }
})
