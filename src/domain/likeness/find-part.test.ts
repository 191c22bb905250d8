import { describe, expect, it } from 'vitest'
import { drawOutline, findPart, type Outline } from './find-part.ts'

/** Soft spots on a slope, another picture for each seed; as RGB, `side` pixels square, of this part of it, turned about its middle. White around it. */
function paint(seed: number, part = { x: 0, y: 0, width: 1, height: 1 }, bright = 1, degrees = 0, size = 1): Outline {
  const side = 128
  const spots = Array.from({ length: 24 / size ** 2 }, (_, i) => {
    const at = (n: number) => Math.abs(Math.sin(seed * 97.3 + i * 13.7 + n * 5.1) * 1000) % 1
    return { x: at(1), y: at(2), size: (0.03 + at(3) * 0.08) * size, light: at(4) > 0.5 ? 110 : -110 }
  })
  const rgb = new Uint8Array(side * side * 3)
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const [x, y] = turn(part.x + ((column + 0.5) / side) * part.width, part.y + ((row + 0.5) / side) * part.height, degrees)
      let value = Math.min(x, y, 1 - x, 1 - y) < 0 ? 255 / bright : 120 + 30 * x
      for (const spot of spots) {
        const away = ((x - spot.x) ** 2 + (y - spot.y) ** 2) / (2 * spot.size ** 2)
        // beyond, it adds less than 0.0001
        if (away < 14) value += spot.light * Math.exp(-away)
      }
      rgb.fill(Math.max(0, Math.min(255, value * bright)), (row * side + column) * 3, (row * side + column) * 3 + 3)
    }
  // the picture itself is 3 : 2
  return { luma: drawOutline(rgb, side), aspect: (1.5 * part.width) / part.height }
}

/** About the middle of a picture of 3 : 2. */
function turn(x: number, y: number, degrees: number): [number, number] {
  const [right, down] = [Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)]
  const [across, along] = [(x - 0.5) * 1.5, y - 0.5]
  return [(across * right - along * down) / 1.5 + 0.5, across * down + along * right + 0.5]
}

describe('a part', () => {
  it.each([
    { x: 0.1, y: 0, width: 0.9, height: 0.9 },
    { x: 0, y: 0.1, width: 0.8, height: 0.9 },
    { x: 0.13, y: 0.21, width: 0.71, height: 0.67 },
    { x: 0, y: 0, width: 1, height: 0.8 },
  ])('$width × $height of the picture is found where it lies, brighter too', (place) => {
    const found = findPart(paint(1), paint(1, place, 0.85))
    expect(found).not.toBeNull()
    for (const key of ['x', 'y', 'width', 'height'] as const) expect(Math.abs((found?.[key] ?? 9) - place[key])).toBeLessThan(0.03)
    expect(findPart(paint(1, place), paint(1))).toBeNull()
  })

  it('is found in a frame, however dark it is', () => {
    for (const bright of [1, 0.3]) {
      const framed = paint(3, { x: -0.06, y: -0.06, width: 1.12, height: 1.12 }, bright)
      expect(findPart(framed, paint(3, undefined, bright))).not.toBeNull()
      expect(findPart(framed, paint(4, undefined, bright))).toBeNull()
    }
  })

  // finer pictures tell a smaller turn apart
  it.each([
    [3, 0.25],
    [-3, 0.25],
    [2, 0.2],
    [-2, 0.2],
  ])('turned by %d° is found', (degrees, size) => {
    const part = { x: 0.08, y: 0.08, width: 0.84, height: 0.84 }
    for (let seed = 1; seed < 9; seed++)
      expect(findPart(paint(seed, undefined, 1, 0, size), paint(seed, part, 1, degrees, size)), `${seed}`).not.toBeNull()
  })

  it('is not of another picture, nor the whole of its own, nor a flat one', () => {
    for (let seed = 2; seed < 30; seed++) expect(findPart(paint(1), paint(seed, { x: 0.1, y: 0, width: 0.9, height: 0.9 }))).toBeNull()
    expect(findPart(paint(1), paint(1))).toBeNull()
    const flat: Outline = { luma: new Uint8Array(1024).fill(255), aspect: 1.2 }
    expect(findPart(flat, flat)).toBeNull()
    expect(findPart(paint(1), flat)).toBeNull()
  })
})
