/** @file Unit test of the breaker’s limits. */
import { expect, test } from 'vitest'
import { isMassChange } from './mass-change.ts'

test.each([
  [0, 0, false],
  [1, 1, true], // the only one: as if unmounted
  [3, 1, false],
  [3, 2, false],
  [3, 3, true],
  [8, 4, false],
  [9, 5, true],
  [1000, 50, false],
  [1000, 51, true],
  [100_000, 1000, false],
  [100_000, 1001, true],
])('of %i known files %i are gone: %s', (known, gone, trips) => {
  expect(isMassChange({ known, gone })).toBe(trips)
})
