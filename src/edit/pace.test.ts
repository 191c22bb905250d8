import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Pace } from './pace.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** A database where a transaction costs so much, and each of its photos. */
const database = (fixedMs: number, msPerPhoto: number) => async (size: number) => {
  vi.advanceTimersByTime(fixedMs + msPerPhoto * size)
  return size
}

it('begins small, grows to what fits, shrinks when the computer is busy, and stays within its limits', async () => {
  const pace = new Pace({ least: 20, most: 2000 })
  expect(pace.size).toBe(20)
  for (let i = 0; i < 12; i++) await pace.run(database(2, 0.1))
  expect(pace.size * 0.1 + 2).toBeGreaterThan(20)
  expect(pace.size * 0.1 + 2).toBeLessThan(40)
  for (let i = 0; i < 3; i++) await pace.run(database(2, 1))
  expect(pace.size).toBeLessThan(50)
  for (let i = 0; i < 6; i++) await pace.run(database(0, 100))
  expect(pace.size).toBe(20)
  for (let i = 0; i < 30; i++) await pace.run(database(0, 0.001))
  expect(pace.size).toBe(2000)
})

it('learns nothing from the last few', async () => {
  const pace = new Pace({ least: 20, most: 2000 })
  for (let i = 0; i < 12; i++) await pace.run(database(2, 1))
  const { size } = pace
  expect(await pace.run(async () => 0)).toBe(0)
  expect(await pace.run(async () => 3)).toBe(3)
  expect(pace.size).toBe(size)
})
