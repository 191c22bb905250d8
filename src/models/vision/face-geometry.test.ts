import { describe, expect, it } from 'vitest'
import { cutCrop, findFaceTurn } from './face-geometry.ts'

/** The five points of dlib's mean face in a crop of 150 px, turned by `angle` around (400, 300), `scale` times as large. */
function turnedFace(angle: number, scale: number) {
  const mean = [
    [0.22549, 0.21599],
    [0.75476, 0.21599],
    [0.490127, 0.628106],
    [0.254149, 0.780233],
    [0.726104, 0.780233],
  ] as const
  return mean.map(([x, y]) => {
    const [cx, cy] = [((x + 0.25) / 1.5) * 150, ((y + 0.25) / 1.5) * 150]
    return {
      x: 400 + scale * (cx * Math.cos(angle) - cy * Math.sin(angle)),
      y: 300 + scale * (cx * Math.sin(angle) + cy * Math.cos(angle)),
    }
  })
}

describe('findFaceTurn', () => {
  it.each([0, 0.5, -1.2, 3])('finds how a face turned by %f radians lies', (angle) => {
    const turn = findFaceTurn(turnedFace(angle, 2), 150)
    expect(turn.a).toBeCloseTo(2 * Math.cos(angle), 6)
    expect(turn.b).toBeCloseTo(2 * Math.sin(angle), 6)
    expect(turn.tx).toBeCloseTo(400, 4)
    expect(turn.ty).toBeCloseTo(300, 4)
  })
})

describe('cutCrop', () => {
  const pixels = { width: 4, height: 4, channels: 3 as const, data: Uint8Array.from({ length: 48 }, (_, i) => Math.floor(i / 3) * 10) }

  it('copies pixels at scale 1', () => {
    const crop = cutCrop(pixels, { a: 1, b: 0, tx: 1, ty: 1 }, 2)
    expect([crop[0], crop[3], crop[6], crop[9]]).toEqual([50, 60, 90, 100])
  })

  it('averages where it shrinks', () => {
    const crop = cutCrop(pixels, { a: 2, b: 0, tx: 0, ty: 0 }, 2)
    expect(crop[0]).toBeCloseTo((0 + 10 + 40 + 50) / 4, 4)
  })

  it('repeats the border outside the picture', () => {
    expect(cutCrop(pixels, { a: 1, b: 0, tx: -10, ty: -10 }, 1)[0]).toBe(0)
  })
})
