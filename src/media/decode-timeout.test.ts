import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startDecodeTimeout } from './decode-timeout.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** When the limit of 100 ms strikes in a process that gets this share of the processor. */
function strikesAfter(share: number): number {
  const startedAt = Date.now()
  const { signal } = startDecodeTimeout(100, () => (Date.now() - startedAt) * share)
  while (!signal.aborted && Date.now() - startedAt < 1000) vi.advanceTimersByTime(1)
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
  return Date.now() - startedAt
}

it('a decode that has the processor to itself ends at its limit', () => {
  expect(strikesAfter(1)).toBe(100)
  expect(strikesAfter(1.7)).toBe(100)
})

it('one that shares it goes on until it had as much as the limit', () => {
  const at = strikesAfter(0.8)
  expect(at).toBeGreaterThanOrEqual(124)
  expect(at).toBeLessThanOrEqual(126)
})

it('one that gets next to none, or waits for a disk, ends at twice the limit', () => {
  expect(strikesAfter(0.1)).toBe(200)
  expect(strikesAfter(0)).toBe(200)
})

it('nothing strikes once the decode is over', () => {
  const timeout = startDecodeTimeout(100)
  timeout[Symbol.dispose]()
  vi.advanceTimersByTime(1000)
  expect(timeout.signal.aborted).toBe(false)
})
