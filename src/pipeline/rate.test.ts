import { expect, it } from 'vitest'
import { Rate } from './rate.ts'

it('says nothing before three photos, then photos per second over the last minute', () => {
  const rate = new Rate()
  rate.add(0)
  rate.add(500)
  expect(rate.perSecond(1000)).toBeNull()
  rate.add(1000)
  expect(rate.perSecond(1000)).toBe(2)
  // a pause lowers it, and what is older than a minute is forgotten
  expect(rate.perSecond(20_000)).toBeCloseTo(0.1)
  expect(rate.perSecond(100_000)).toBeNull()
})
