import { describe, expect, it } from 'vitest'
import { collectPeaks } from './centernet.ts'

const INPUT = { width: 32, height: 32 }
const CELLS = 8
const CLASSES = 80

function maps(set: { x: number; y: number; label: number; score: number }[], reach = [4, 8, 4, 8]) {
  const heat = new Float32Array(CELLS * CELLS * CLASSES)
  const distances = new Float32Array(CELLS * CELLS * 4)
  for (const { x, y, label, score } of set) {
    const cell = y * CELLS + x
    heat[label * CELLS * CELLS + cell] = score
    for (const [side, distance] of reach.entries()) distances[side * CELLS * CELLS + cell] = distance
  }
  return [heat, distances] as const
}

describe('collectPeaks', () => {
  it('gives the box of a peak in fractions of the input', () => {
    const [heat, reach] = maps([{ x: 4, y: 4, label: 16, score: 0.5 }])
    expect(collectPeaks(heat, reach, INPUT, 0.1)).toEqual([{ label: 16, score: 0.5, edges: [12 / 32, 8 / 32, 20 / 32, 24 / 32] }])
  })

  it('keeps only the highest of neighbouring cells of one class', () => {
    const [heat, reach] = maps([
      { x: 4, y: 4, label: 16, score: 0.5 },
      { x: 5, y: 4, label: 16, score: 0.25 },
      { x: 5, y: 5, label: 17, score: 0.25 },
      { x: 7, y: 7, label: 16, score: 0.0625 },
    ])
    expect(collectPeaks(heat, reach, INPUT, 0.1).map(({ label, score }) => [label, score])).toEqual([
      [16, 0.5],
      [17, 0.25],
    ])
  })

  it('drops scores and distances that are no numbers', () => {
    const [heat, reach] = maps([{ x: 4, y: 4, label: 16, score: 0.5 }], [Number.NaN, 1, 1, 1])
    heat[0] = Number.NaN
    expect(collectPeaks(heat, reach, INPUT, 0.1)).toEqual([])
  })
})
