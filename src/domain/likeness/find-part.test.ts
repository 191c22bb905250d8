import { describe, expect, it } from 'vitest'
import { drawOutline, findPart, type Outline } from './find-part.ts'

/** Soft spots on a slope, another picture for each seed; as RGB, `side` pixels square, of this part of it. */
function paint(seed: number, part = { x: 0, y: 0, width: 1, height: 1 }, bright = 1, side = 128): Outline {
  const spots = Array.from({ length: 24 }, (_, i) => {
    const at = (n: number) => Math.abs(Math.sin(seed * 97.3 + i * 13.7 + n * 5.1) * 1000) % 1
    return { x: at(1), y: at(2), size: 0.03 + at(3) * 0.08, light: at(4) > 0.5 ? 110 : -110 }
  })
  const rgb = new Uint8Array(side * side * 3)
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const [x, y] = [part.x + ((column + 0.5) / side) * part.width, part.y + ((row + 0.5) / side) * part.height]
      let value = 120 + 30 * x
      for (const spot of spots) value += spot.light * Math.exp(-((x - spot.x) ** 2 + (y - spot.y) ** 2) / (2 * spot.size ** 2))
      rgb.fill(Math.max(0, Math.min(255, value * bright)), (row * side + column) * 3, (row * side + column) * 3 + 3)
    }
  // the picture itself is 3 : 2
  return { luma: drawOutline(rgb, side), aspect: (1.5 * part.width) / part.height }
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

  it('is not of another picture, nor the whole of its own, nor a flat one', () => {
    for (let seed = 2; seed < 30; seed++) expect(findPart(paint(1), paint(seed, { x: 0.1, y: 0, width: 0.9, height: 0.9 }))).toBeNull()
    expect(findPart(paint(1), paint(1))).toBeNull()
    const flat: Outline = { luma: new Uint8Array(1024).fill(255), aspect: 1.2 }
    expect(findPart(flat, flat)).toBeNull()
    expect(findPart(paint(1), flat)).toBeNull()
  })
})
