/** @file Numbers as a person reads them. */
import { expect, it } from 'vitest'
import { countOf } from '../../src/domain/count-of.ts'
import { formatBytes, formatDay, formatExposure, formatPlace, formatSpan } from './format.ts'

it('writes sizes, spans, exposures, places', () => {
  expect([0, 999, 1000, 1_234_567, 412_000_000].map(formatBytes)).toEqual(['0 bytes', '999 bytes', '1.0 kB', '1.2 MB', '412 MB'])
  expect([0.2, 59, 61, 7300, 200_000].map(formatSpan)).toEqual(['1 s', '59 s', '1 min', '2 h 2 min', '2 days'])
  expect([1 / 250, 0.5, 2.5].map(formatExposure)).toEqual(['1/250 s', '0.5 s', '2.5 s'])
  expect(formatPlace(-33.8688, 151.2093)).toBe('33.8688° S, 151.2093° E')
  expect([countOf(1, 'photo'), countOf(2000, 'photo')]).toEqual(['1 photo', '2,000 photos'])
})

it('keeps a day the same in every time zone', () => {
  expect(formatDay('2026-11-21')).toContain('21 Nov 2026')
})
