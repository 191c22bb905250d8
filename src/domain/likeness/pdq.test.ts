/** @file The hash of a turned picture must be what is foretold from the unturned one. */
import { describe, expect, test } from 'vitest'
import { HASH_BYTES, hammingDistance, hashWords, TRANSFORMS, type Transform } from './hamming.ts'
import { hashLuma } from './pdq.ts'

const SIDE = 512
const GRID = 32

/** A picture with as much structure in all directions as a photo has, and no symmetry: random values on a grid, smoothed between. */
function drawPicture(): Float32Array {
  let state = 7
  const grid = Array.from({ length: (GRID + 1) ** 2 }, () => {
    state = (state * 48_271) % 2_147_483_647
    return (state / 2_147_483_647) * 255
  })
  const at = (x: number, y: number) => grid[y * (GRID + 1) + x]!
  return Float32Array.from({ length: SIDE * SIDE }, (_, index) => {
    const [x, y] = [((index % SIDE) / SIDE) * GRID, (Math.floor(index / SIDE) / SIDE) * GRID]
    const [left, top] = [Math.floor(x), Math.floor(y)]
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * (x - left)
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (x - left)
    return upper + (lower - upper) * (y - top)
  })
}

/** Where the pixel (x, y) of the turned picture comes from. */
const SOURCE: Record<Transform, (x: number, y: number) => [number, number]> = {
  none: (x, y) => [x, y],
  'rotate-90': (x, y) => [y, SIDE - 1 - x],
  'rotate-180': (x, y) => [SIDE - 1 - x, SIDE - 1 - y],
  'rotate-270': (x, y) => [SIDE - 1 - y, x],
  'flip-x': (x, y) => [SIDE - 1 - x, y],
  'flip-y': (x, y) => [x, SIDE - 1 - y],
  transpose: (x, y) => [y, x],
  'anti-transpose': (x, y) => [SIDE - 1 - y, SIDE - 1 - x],
}

describe('each turn', () => {
  const picture = drawPicture()
  const { dihedral, quality } = hashLuma(picture.slice(), SIDE, SIDE)

  test('the picture has detail enough', () => expect(quality).toBeGreaterThan(50))

  test.each(TRANSFORMS)('%s', (transform) => {
    const turned = new Float32Array(SIDE * SIDE)
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const [fromX, fromY] = SOURCE[transform](x, y)
        turned[y * SIDE + x] = picture[fromY * SIDE + fromX]!
      }
    const actual = hashWords(hashLuma(turned, SIDE, SIDE).pdq)
    const distances = TRANSFORMS.map((_, index) => hammingDistance(hashWords(dihedral, index * HASH_BYTES), 0, actual))
    // sampling points lie half a pixel beside the middle, so a turn moves a bit or two
    expect(distances[TRANSFORMS.indexOf(transform)]).toBeLessThanOrEqual(8)
    expect(distances.filter((distance) => distance <= 40)).toHaveLength(1)
  })
})

test('a flat picture has no quality', () => {
  expect(hashLuma(new Float32Array(64 * 64).fill(90), 64, 64).quality).toBe(0)
})

test.each([
  [1, 1],
  [1, 512],
  [512, 1],
  [3, 2],
])('a picture of %i × %i has a hash too', (width, height) => {
  expect(hashLuma(new Float32Array(width * height).fill(10), width, height).pdq).toHaveLength(32)
})
