import { expect, it } from 'vitest'
import { IdSet } from './id-set.ts'

it('holds what it was given, once, in order', () => {
  const set = IdSet.of([31, 1, 32, 100_000, 1, 63])
  expect(set.toArray()).toEqual([1, 31, 32, 63, 100_000])
  expect(set.size).toBe(5)
  expect([0, 1, 30, 31, 64, 100_000, 100_001, 5_000_000].map((id) => set.has(id))).toEqual([
    false,
    true,
    false,
    true,
    false,
    true,
    false,
    false,
  ])
  expect(IdSet.of([]).size).toBe(0)
})

it('joins with sets of other lengths', () => {
  const [a, b] = [IdSet.of([1, 2, 900]), IdSet.of([2, 3])]
  expect(a.without(b).toArray()).toEqual([1, 900])
  expect(b.without(a).toArray()).toEqual([3])
  expect(a.and(b).toArray()).toEqual([2])
  expect(b.and(a).size).toBe(1)
})
