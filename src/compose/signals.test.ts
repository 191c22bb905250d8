/** @file Listeners are told at once, and not after each of many photos. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PacedSignal } from './signals.ts'

let told = 0
let signal: PacedSignal
beforeEach(() => {
  vi.useFakeTimers()
  told = 0
  signal = new PacedSignal(3000)
  signal.listen(() => told++)
})
afterEach(() => vi.useRealTimers())

describe('a paced signal', () => {
  test('tells the first at once, and all that follow soon once more', () => {
    signal.emit()
    expect(told).toBe(1)
    for (let i = 0; i < 50; i++) signal.emit()
    expect(told).toBe(1)
    vi.advanceTimersByTime(3000)
    expect(told).toBe(2)
    vi.advanceTimersByTime(30_000)
    expect(told).toBe(2)
  })

  test('tells again while more goes on happening, never more often than that', () => {
    for (let i = 0; i < 100; i++) {
      signal.emit()
      vi.advanceTimersByTime(300)
    }
    expect(told).toBe(11)
  })

  test('tells what waits when nothing more comes, and nothing where nothing waits', () => {
    signal.emit()
    signal.flush()
    expect(told).toBe(1)
    signal.emit()
    signal.flush()
    expect(told).toBe(2)
  })

  test('is silent once closed', () => {
    signal.emit()
    signal.emit()
    signal.close()
    vi.advanceTimersByTime(10_000)
    expect(told).toBe(1)
  })
})
