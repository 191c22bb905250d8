import { expect, it } from 'vitest'
import { normaliseAnswer } from '../models/describe/normalise.ts'
import { agreeWithBaseline, isSame, jaccard, mean } from './agreement.ts'

it('tags agree by shared ÷ all, categories by being equal, and silence is not agreement', () => {
  expect(jaccard(['dog', 'Beach'], ['beach', 'sea', 'sand'])).toBe(1 / 4)
  expect([jaccard([], ['a']), jaccard([], [])]).toEqual([0, null])
  expect([isSame('food', 'food'), isSame('food', 'nature'), isSame('food', null)]).toEqual([true, false, null])
  expect([mean([1, null, 0]), mean([null])]).toEqual([0.5, null])
})

it('agreement with a baseline is how much of what it says the other says as well; one that failed says nothing', () => {
  const baseline = {
    ...normaliseAnswer({ primary_category: 'food', tags: ['a', 'b'], description: 'A red apple' }),
    detectedObjects: [{ name: 'apple', confidence: null }],
  }
  const other = normaliseAnswer({ primary_category: 'food', tags: ['B', 'c', 'd'], description: 'One apple, red', scene_type: 'indoor' })
  expect(agreeWithBaseline(baseline, other)).toEqual({
    primary_category: 1,
    scene_type: null,
    tags: 0.5,
    detected_objects: 0,
    description: expect.closeTo(2 / 3, 5),
    suggested_cluster_name: null,
  })
  expect(agreeWithBaseline(baseline, null)).toMatchObject({ primary_category: 0, tags: 0, description: 0, scene_type: null })
})
