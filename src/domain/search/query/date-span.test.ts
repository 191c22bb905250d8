import { describe, expect, it } from 'vitest'
import { isSpokenSpan, nextDay, parseSpan } from './date-span.ts'

/** a Sunday */
const TODAY = '2026-11-22'

describe('parseSpan', () => {
  it.each([
    ['2024', '2024-01-01', '2024-12-31'],
    ['2023-02', '2023-02-01', '2023-02-28'],
    ['2024-2', '2024-02-01', '2024-02-29'],
    ['2023-05-14', '2023-05-14', '2023-05-14'],
    ['May 2023', '2023-05-01', '2023-05-31'],
    ['december 2023', '2023-12-01', '2023-12-31'],
    ['2020..2022', '2020-01-01', '2022-12-31'],
    ['2020-05..2020-05-03', '2020-05-01', '2020-05-03'],
    ['today', TODAY, TODAY],
    ['Yesterday', '2026-11-21', '2026-11-21'],
    ['this week', '2026-11-16', '2026-11-22'],
    ['last week', '2026-11-09', '2026-11-15'],
    ['last weekend', '2026-11-14', '2026-11-15'],
    ['last month', '2026-10-01', '2026-10-31'],
    ['last-month', '2026-10-01', '2026-10-31'],
    ['this year', '2026-01-01', '2026-12-31'],
    ['last year', '2025-01-01', '2025-12-31'],
    ['last 7 days', '2026-11-16', TODAY],
    ['past 2 months', '2026-09-23', TODAY],
    ['3 weeks ago', '2026-10-26', '2026-11-01'],
    ['1 year ago', '2025-01-01', '2025-12-31'],
  ])('%s', (text, from, to) => expect(parseSpan(text, TODAY)).toEqual({ from, to }))

  it.each([
    '',
    '24',
    '0999',
    '2023-13',
    '2023-02-30',
    '2023-06-31',
    'mayo 2023',
    '2022..2020',
    '2020..',
    '..2020',
    'a..b',
    '1..2..3',
    'last',
    'last dog',
    'soon',
  ])('refuses “%s”', (text) => expect(parseSpan(text, TODAY)).toBeNull())

  it('stays inside short months', () => {
    expect(parseSpan('last month', '2026-03-31')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(parseSpan('1 month ago', '2024-03-31')).toEqual({ from: '2024-02-01', to: '2024-02-29' })
    expect(parseSpan('last year', '2024-02-29')).toEqual({ from: '2023-01-01', to: '2023-12-31' })
  })
})

it('hears a span in plain words only where several say it', () => {
  expect(['last month', 'This Year', 'last 3 days', '2 weeks ago'].every(isSpokenSpan)).toBe(true)
  expect(['today', 'yesterday', '2024', 'may 2023', 'last dog', 'month'].some(isSpokenSpan)).toBe(false)
})

it('goes a day on and back', () => {
  expect(nextDay('2023-12-31', 1)).toBe('2024-01-01')
  expect(nextDay('2024-03-01', -1)).toBe('2024-02-29')
})
