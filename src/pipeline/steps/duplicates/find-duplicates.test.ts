import { describe, expect, it } from 'vitest'
import { hashWords, TRANSFORMS } from '../../../domain/likeness/hamming.ts'
import { findDuplicates, MAX_PAIRS } from './find-duplicates.ts'
import { HashIndex } from './hash-index.ts'

/** Eight far-apart hashes; turn `i` of the picture differs from turn `j` in many bits. */
function makeDihedral(seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length: 256 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}
function flip(dihedral: Uint8Array, bits: number, turn = 0): Uint8Array {
  const out = dihedral.slice()
  for (let bit = 0; bit < bits; bit++) out[turn * 32 + (bit >> 3)]! ^= 1 << (bit & 7)
  return out
}
const find = (stored: Record<number, Uint8Array>, asked: { id: number; dihedral: Uint8Array; quality?: number }, threshold = 8) => {
  const index = new HashIndex()
  for (const [id, dihedral] of Object.entries(stored)) index.put(Number(id), hashWords(dihedral))
  return findDuplicates(index, { photoId: asked.id, quality: asked.quality ?? 100, dihedral: asked.dihedral }, threshold)
}

describe('two photos', () => {
  const picture = makeDihedral(1)
  it.each([
    [0, 8, 'same-picture'],
    [8, 8, 'same-picture'],
    [9, 8, 'edited'],
    [31, 8, 'edited'],
    [20, 20, 'same-picture'],
    [1, 0, 'edited'],
  ])('%i bits apart at threshold %i are %s', (bits, threshold, kind) => {
    expect(find({ 3: picture }, { id: 5, dihedral: flip(picture, bits) }, threshold)).toEqual([
      { photoId1: 3, photoId2: 5, kind, distance: bits, transform: 'none' },
    ])
  })
  it('32 bits apart are no pair', () => expect(find({ 3: picture }, { id: 5, dihedral: flip(picture, 32) })).toEqual([]))
  it('are never paired with themselves', () => expect(find({ 5: picture }, { id: 5, dihedral: picture })).toEqual([]))
  it('are not compared when one is too plain', () => {
    expect(find({ 3: picture }, { id: 5, dihedral: picture, quality: 49 })).toEqual([])
    expect(find({ 3: picture }, { id: 5, dihedral: picture, quality: 50 })).toHaveLength(1)
  })
})

it('says what was done to photo 2 to match photo 1, from either side', () => {
  for (const [turn, transform] of TRANSFORMS.entries()) {
    if (transform === 'none') continue
    const original = makeDihedral(2)
    // the stored photo is the asked one after `transform`
    const turned = new Uint8Array(256)
    turned.set(original.subarray(turn * 32, turn * 32 + 32))
    const inverse = { 'rotate-90': 'rotate-270', 'rotate-270': 'rotate-90' }[transform as string] ?? transform
    expect(find({ 9: turned }, { id: 4, dihedral: original })).toMatchObject([
      { photoId1: 4, photoId2: 9, kind: 'mirrored', transform: inverse },
    ])
    expect(find({ 2: turned }, { id: 4, dihedral: original })).toMatchObject([{ photoId1: 2, photoId2: 4, kind: 'mirrored', transform }])
  }
})

it('calls a symmetrical picture the same, and a near mirror image mirrored', () => {
  const symmetrical = makeDihedral(3)
  symmetrical.copyWithin(4 * 32, 0, 32)
  expect(find({ 1: flip(symmetrical, 3) }, { id: 2, dihedral: symmetrical })).toMatchObject([{ kind: 'same-picture', transform: 'none' }])
  const nearly = makeDihedral(4)
  nearly.copyWithin(4 * 32, 0, 32)
  const stored = nearly.slice()
  expect(find({ 1: stored }, { id: 2, dihedral: flip(nearly, 25) })).toMatchObject([{ kind: 'mirrored', distance: 0, transform: 'flip-x' }])
})

it('keeps the nearest of a crowd, the oldest of equals', () => {
  const picture = makeDihedral(5)
  const stored = Object.fromEntries(Array.from({ length: MAX_PAIRS + 100 }, (_, i) => [i + 1, picture]))
  const found = find(stored, { id: 9999, dihedral: picture })
  expect(found).toHaveLength(MAX_PAIRS)
  expect(found.at(-1)?.photoId1).toBe(MAX_PAIRS)
})
