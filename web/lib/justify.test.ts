/** @file Rows end flush, keep every picture once and in order, and keep true aspects. */
import { describe, expect, it } from 'vitest'
import { aspectOf, GAP, justifyRows } from './justify.ts'

const rowWidth = (widths: readonly number[]) => widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1)

/** A fixed pseudo-random series, so that a failure can be repeated. */
function makeAspects(count: number, seed: number): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return [0.66, 0.75, 1, 1.33, 1.5, 1.78, 3.2][state % 7] ?? 1
  })
}

describe('justified rows', () => {
  it.each([1, 2, 3, 7, 40, 100])('keep %i pictures, each once and in order', (count) => {
    for (const width of [360, 1000, 1400]) {
      const rows = justifyRows(makeAspects(count, count), width, 200)
      expect(rows.flatMap((row) => Array.from({ length: row.end - row.start }, (_, index) => row.start + index))).toEqual(
        Array.from({ length: count }, (_, index) => index),
      )
      for (const row of rows) expect(row.widths).toHaveLength(row.end - row.start)
    }
  })

  it('end flush, except a ragged last row', () => {
    const rows = justifyRows(makeAspects(100, 3), 1300, 220)
    for (const row of rows.slice(0, -1)) expect(rowWidth(row.widths)).toBeCloseTo(1300, 3)
    expect(rowWidth(rows.at(-1)!.widths)).toBeLessThanOrEqual(1300.001)
  })

  it('end flush everywhere where more of the list follows', () => {
    for (let seed = 1; seed < 30; seed++)
      for (const row of justifyRows(makeAspects(100, seed), 1300, 220, true)) expect(rowWidth(row.widths)).toBeCloseTo(1300, 3)
  })

  it('keep heights near the wanted one', () => {
    for (let seed = 1; seed < 30; seed++)
      for (const row of justifyRows(makeAspects(100, seed), 1300, 220, true)) {
        expect(row.height).toBeGreaterThan(220 * 0.6)
        expect(row.height).toBeLessThan(220 * 1.6)
      }
  })

  it('leave no single picture behind where one row can take all', () => {
    expect(justifyRows([1, 1.5, 1, 1.5, 1, 1], 1350, 220)).toHaveLength(1)
  })

  it('do not blow up a lone picture', () => {
    expect(justifyRows([1.5], 1350, 220)[0]?.height).toBe(220)
  })
})

describe('the aspect in the grid', () => {
  it('is true for usual pictures, cropped for extreme ones, square where unknown', () => {
    expect(aspectOf({ width: 3000, height: 2000 })).toBe(1.5)
    expect(aspectOf({ width: 10_000, height: 500 })).toBe(3.2)
    expect(aspectOf({ width: 100, height: 5000 })).toBe(0.45)
    expect(aspectOf({ width: null, height: null })).toBe(1)
  })
})
