import { expect, it } from 'vitest'
import { findDays, listPastDays, localToday, writeYearsAgo } from './on-this-day.ts'

it('finds the days of earlier years that share the date, the newest first, and neither today nor what lies ahead', () => {
  const days = ['2027-11-25', '2026-11-25', '2026-11-24', '2019-11-25', '2024-11-25', '2023-10-25'].map((day) => ({ day, count: 2 }))
  expect(listPastDays([...days, { day: '2020-11-25', count: 0 }], '2026-11-25')).toEqual([
    { day: '2024-11-25', count: 2, years: 2 },
    { day: '2019-11-25', count: 2, years: 7 },
  ])
  expect(writeYearsAgo(1)).toBe('1 year ago')
  expect(localToday(new Date(2026, 0, 5, 0, 30))).toBe('2026-01-05')
  expect(findDays([{ day: '2024-11-25' }])).toEqual({ where: '{"any":[{"from":"2024-11-25","to":"2024-11-25"}]}' })
})
