/** @file Face regions land on the same face whatever the orientation and whoever wrote them. */
import { expect, test } from 'vitest'
import { placeMicrosoftRegion, placeMwgRegion, uprightBox } from './face-regions.ts'

test('Metadata Working Group (stored picture) and Microsoft (upright picture) mean the same face', () => {
  const mwg = placeMwgRegion({ x: 0.307857, y: 0.631548, width: 0.198571, height: 0.113095 }, 6)!
  const microsoft = placeMicrosoftRegion('0.311905, 0.208571, 0.113095, 0.198571')!
  for (const side of ['x', 'y', 'width', 'height'] as const) expect(mwg[side]).toBeCloseTo(microsoft[side], 4)
})

test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i keeps the area inside the picture', (orientation) => {
  const { x, y, width, height } = uprightBox({ x: 0.1, y: 0.2, width: 0.3, height: 0.05 }, orientation)
  expect(width * height).toBeCloseTo(0.015, 9)
  expect(Math.min(x, y, 1 - x - width, 1 - y - height)).toBeGreaterThan(0.09)
})

test.each([
  ['no numbers', 'a, b, c, d'],
  ['outside', '1.2, 0, 0.1, 0.1'],
  ['empty', '0.5, 0.5, 0, 0'],
  ['cut short', '0.1, 0.1'],
])('%s is no region', (_, text) => expect(placeMicrosoftRegion(text)).toBeUndefined())
