/** @file Every place of a page of any height can be reached in a container the browser can hold. */
import { describe, expect, it } from 'vitest'
import { CAP, mustRest, restAt } from './scroll-window.ts'

const VIEW = 900
const MILLION_PHOTOS = 34_000_000

describe('the scroll window', () => {
  it('is the page itself while that is small', () => {
    expect(restAt(1234, 50_000, VIEW)).toEqual({ height: 50_000, base: 0, scrollTop: 1234 })
  })

  it('never grows past what browsers hold', () => {
    expect(restAt(0, MILLION_PHOTOS, VIEW).height).toBe(CAP)
  })

  it('shows any place of a huge page at its place', () => {
    for (const top of [0, 1, 999_999, MILLION_PHOTOS / 2, MILLION_PHOTOS - VIEW]) {
      const place = restAt(top, MILLION_PHOTOS, VIEW)
      expect(place.scrollTop + place.base).toBeCloseTo(top, 3)
      expect(place.scrollTop).toBeGreaterThanOrEqual(0)
      expect(place.scrollTop).toBeLessThanOrEqual(CAP - VIEW)
      expect(mustRest(place, MILLION_PHOTOS, VIEW)).toBe(false)
    }
  })

  it('ends where the page ends', () => {
    const end = restAt(Number.MAX_SAFE_INTEGER, MILLION_PHOTOS, VIEW)
    expect(end.scrollTop + end.base).toBe(MILLION_PHOTOS - VIEW)
  })

  it('is set right before an end of the container stops scrolling on', () => {
    expect(mustRest({ height: CAP, base: 5_000_000, scrollTop: 0 }, MILLION_PHOTOS, VIEW)).toBe(true)
    expect(mustRest({ height: CAP, base: 0, scrollTop: CAP - VIEW }, MILLION_PHOTOS, VIEW)).toBe(true)
    expect(mustRest({ height: 5000, base: -300, scrollTop: 100 }, 5000, VIEW)).toBe(true)
  })
})
