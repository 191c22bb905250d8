import { expect, it } from 'vitest'
import { isSame, jaccard, mean } from './agreement.ts'

it('tags agree by shared ÷ all, categories by being equal, and silence is not agreement', () => {
  expect(jaccard(['dog', 'Beach'], ['beach', 'sea', 'sand'])).toBe(1 / 4)
  expect([jaccard([], ['a']), jaccard([], [])]).toEqual([0, null])
  expect([isSame('food', 'food'), isSame('food', 'nature'), isSame('food', null)]).toEqual([true, false, null])
  expect([mean([1, null, 0]), mean([null])]).toEqual([0.5, null])
})
