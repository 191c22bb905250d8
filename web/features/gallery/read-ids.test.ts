/** @file Where a photo of a day stands among all. */
import { expect, it, vi } from 'vitest'

vi.mock('virtual:contract', () => ({ routes: {}, filters: {} }))
const { offsetOf } = await import('./read-ids.ts')

it('counts the photos of the days before', () => {
  const days = [
    { day: '2024-03-02', count: 3 },
    { day: '2024-03-01', count: 5 },
  ]
  expect(offsetOf(days, '2024-03-02/0')).toBe(0)
  expect(offsetOf(days, '2024-03-01/4')).toBe(7)
  expect(offsetOf(days, '2019-01-01/0')).toBeUndefined()
})
