import { describe, expect, it } from 'vitest'
import { rateFace, rateFrontality, rateSharpness, rateSize } from './face-quality.ts'

const frontal = [
  { x: 30, y: 30 },
  { x: 70, y: 30 },
  { x: 50, y: 54 },
  { x: 33, y: 70 },
  { x: 67, y: 70 },
]

describe('face quality', () => {
  it('rates a face towards the camera far above one in half profile', () => {
    const profile = frontal.map((point, index) => (index === 2 ? { x: 70, y: 54 } : point))
    expect(rateFrontality(frontal)).toBeGreaterThan(0.95)
    expect(rateFrontality(profile)).toBeLessThan(0.3)
    expect(rateFrontality([])).toBe(0)
  })

  it('does not mind how the head is tilted', () => {
    const tilted = frontal.map(({ x, y }) => ({ x: y, y: 100 - x }))
    expect(rateFrontality(tilted)).toBeCloseTo(rateFrontality(frontal), 6)
  })

  it('tells sharp from flat', () => {
    const side = 20
    const checks = Float32Array.from({ length: side * side * 3 }, (_, i) => ((Math.floor(i / 3) + Math.floor(i / 3 / side)) % 2) * 255)
    expect(rateSharpness(checks, side)).toBe(1)
    expect(rateSharpness(new Float32Array(side * side * 3).fill(128), side)).toBeCloseTo(0, 6)
  })

  it('is spoiled by one bad part', () => {
    expect(rateSize(10)).toBe(0)
    expect(rateFace({ size: 0, sharpness: 1, frontality: 1 })).toBe(0)
    expect(rateFace({ size: 1, sharpness: 1, frontality: 1 })).toBe(1)
  })
})
