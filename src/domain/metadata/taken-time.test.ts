/** @file Wall clocks, zones and instants of photos. */
import { describe, expect, test } from 'vitest'
import { dayOf, findOffset, makeTakenTime, parseOffset, parseWallClock, wallClockHere } from './taken-time.ts'

describe('what cameras and programs write', () => {
  test.each([
    ['2019:03:21 11:04:22', '2019-03-21 11:04:22', null],
    ['2019:03:21 11:04:22.348+02:00', '2019-03-21 11:04:22.348', '+02:00'],
    ['2022-01-10T15:15', '2022-01-10 15:15:00', null],
    ['2022-01-10', '2022-01-10 00:00:00', null],
    ['20220110 151544-0400', '2022-01-10 15:15:44', '-04:00'],
    ['2024:02:29 00:00:00Z', '2024-02-29 00:00:00', '+00:00'],
  ])('%s', (text, local, offset) => {
    const parsed = parseWallClock(text)!
    expect([makeTakenTime(parsed.clock, null).local, parsed.offset]).toEqual([local, offset])
  })

  test.each([
    '0000:00:00 00:00:00',
    '    :  :     :  :  ',
    '2023:02:30 10:00:00',
    '2023:13:01 10:00:00',
    '1601:01:01 00:00:00',
    'yesterday',
    '',
  ])('%j is no time', (text) => expect(parseWallClock(text)).toBeUndefined())
})

test.each([
  ['+02:00', '+02:00'],
  ['-0330', '-03:30'],
  ['Z', '+00:00'],
  ['+99:00', null],
  ['local', null],
])('offset %s', (text, offset) => expect(parseOffset(text)).toBe(offset))

describe('instants', () => {
  const at = (text: string, zone: string | null) => {
    const ms = makeTakenTime(parseWallClock(text)!.clock, zone).instantMs
    return ms === null ? null : new Date(ms).toISOString()
  }
  test('without a zone there is none', () => expect(at('2019:03:21 11:04:22', null)).toBeNull())
  test('by offset', () => expect(at('2019:03:21 11:04:22', '-05:00')).toBe('2019-03-21T16:04:22.000Z'))
  test('by place, in winter and in summer', () => {
    expect(at('2021:01:15 12:00:00', 'Europe/Berlin')).toBe('2021-01-15T11:00:00.000Z')
    expect(at('2021:07:15 12:00:00', 'Europe/Berlin')).toBe('2021-07-15T10:00:00.000Z')
  })
  test('on the day the clocks change', () => {
    expect(at('2021:03:28 01:59:00', 'Europe/Berlin')).toBe('2021-03-28T00:59:00.000Z')
    expect(at('2021:03:28 03:01:00', 'Europe/Berlin')).toBe('2021-03-28T01:01:00.000Z')
  })
})

describe('the offset by the satellites’ time', () => {
  const local = Date.UTC(2020, 5, 1, 18, 0, 0)
  test.each([
    [local - 2 * 3_600_000, '+02:00'],
    [local + 4 * 3_600_000 + 90_000, '-04:00'],
    [local - 5.75 * 3_600_000, '+05:45'],
    [local, '+00:00'],
  ])('%i → %s', (utc, offset) => expect(findOffset(local, utc)).toBe(offset))
  test('a clock that is a day off gives none', () => expect(findOffset(local, local - 30 * 3_600_000)).toBeNull())
  test('a difference of no zone gives none', () => expect(findOffset(local, local - 37 * 60_000)).toBeNull())
})

test('an instant stands by the wall clock of this computer, with its day', () => {
  const late = new Date(2024, 1, 29, 23, 59, 58, 7)
  expect(new Date(wallClockHere(late.getTime())).toISOString()).toBe('2024-02-29T23:59:58.007Z')
  expect(dayOf(wallClockHere(late.getTime()))).toBe('2024-02-29')
})
