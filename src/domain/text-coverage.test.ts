import { describe, expect, it } from 'vitest'
import { isDocument, meanConfidence, measureText } from './text-coverage.ts'

const corners = (x: number, y: number, width: number, height: number) => [
  { x, y },
  { x: x + width, y },
  { x: x + width, y: y + height },
  { x, y: y + height },
]
const line = (...words: string[]) => ({
  confidence: 0.9,
  words: words.map((text, i) => ({ text, polygon: corners(i / 10, 0.1, 0.05, 0.02) })),
})

describe('measureText', () => {
  it('adds up the boxes of words, turned ones too, and counts what can be read', () => {
    const turned = [
      { x: 0.5, y: 0.4 },
      { x: 0.6, y: 0.5 },
      { x: 0.5, y: 0.6 },
      { x: 0.4, y: 0.5 },
    ]
    const measure = measureText([line('total', '12.50', '-', 'a'), { confidence: 1, words: [{ text: '收据 收据收', polygon: turned }] }])
    expect(measure.coverage).toBeCloseTo(4 * 0.001 + 0.02, 6)
    expect(measure.words).toBe(2 + 3)
    expect(measureText([])).toEqual({ coverage: 0, words: 0 })
  })
})

describe('isDocument', () => {
  it('needs many words, on more than a corner of the picture', () => {
    expect(isDocument({ words: 55, coverage: 0.2 })).toBe(true)
    expect(isDocument({ words: 31, coverage: 0.4 })).toBe(false)
    expect(isDocument({ words: 90, coverage: 0.01 })).toBe(false)
  })
})

it('is as sure as its lines on average', () => {
  expect(meanConfidence([line('a'), { confidence: 0.7, words: [] }])).toBeCloseTo(0.8)
  expect(meanConfidence([])).toBe(0)
})
