import { describe, expect, it } from 'vitest'
import { chooseTags, marginFor, measureUsual, normaliseRow, toConfidence } from './score.ts'

describe('scores', () => {
  it('are deviations from the photo’s own mean over the cohort, so that a photo near to everything gains nothing', () => {
    const plain = Float32Array.of(0.1, 0.2, 0.3, 0.9)
    const shifted = plain.map((value) => value * 0.5 + 0.3)
    normaliseRow(plain, 3)
    normaliseRow(shifted, 3)
    for (const [index, value] of plain.entries()) expect(shifted[index]).toBeCloseTo(value, 4)
    expect(plain[1]).toBeCloseTo(0, 5)
    expect(plain[3]).toBeCloseTo(0.7 / Math.sqrt(0.02 / 3), 3)
  })

  it('a margin lets one word without meaning pass per photo', () => {
    expect(marginFor(4585)).toBeCloseTo(3.516, 2)
    expect(marginFor(100)).toBeCloseTo(2.326, 2)
    expect(marginFor(0)).toBeCloseTo(0, 2)
  })

  it('what is usual is a median, drawn towards nothing while few photos are known, and bounded', () => {
    const rows = (count: number) => Array.from({ length: count }, () => Float32Array.of(0.8, 5, -5))
    expect([...measureUsual(rows(32), 3)].map((value) => Math.round(value * 100) / 100)).toEqual([0.4, 1, -1])
    expect(measureUsual(rows(3200), 3)[0]).toBeCloseTo(0.8, 1)
    expect([...measureUsual([], 2)]).toEqual([0, 0])
  })

  it('choose the best ten above the margin; a word that is not to be said never is', () => {
    const row = Float32Array.from({ length: 30 }, (_, index) => index / 4)
    const usual = new Float32Array(30)
    usual[29] = Number.NaN
    usual[28] = 1.1
    const chosen = chooseTags(row, usual, 3.5)
    expect(chosen.map(({ word }) => word)).toEqual([27, 26, 25, 24, 28, 23, 22, 21, 20, 19])
    expect(toConfidence(3.5, 3.5)).toBe(0.5)
    expect(toConfidence(5.5, 3.5)).toBeCloseTo(0.88, 2)
  })
})
