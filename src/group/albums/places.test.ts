import { expect, it } from 'vitest'
import { spreadPlaces } from './places.ts'

it('leaves room on both sides, and says when there is none', () => {
  expect(spreadPlaces(1, 2, 3)).toEqual([1.25, 1.5, 1.75])
  expect(spreadPlaces(7, null, 2)).toEqual([8, 9])
  expect(spreadPlaces(null, 1, 2)).toEqual([-1, 0])
  expect(spreadPlaces(null, null, 2)).toEqual([1, 2])
  expect(spreadPlaces(1, 1 + 1e-7, 1)).toBeNull()
})
