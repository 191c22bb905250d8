/** @file Counts wrong tokens and passwords, so that guessing is slow: whoever guessed too often is told when they may guess again. */
import { FototecaError } from '../../domain/errors.ts'

const WINDOW_MS = 60_000
/** so that many keys cannot fill the memory */
const MAX_KEYS = 10_000

export interface FailureCounter {
  /** @throws FototecaError `too_many` with the seconds to wait, while there were too many */
  refuse(key: string): void
  /** Of something that was wrong. @throws FototecaError `too_many`, after too many of them */
  add(key: string): void
}

/** @param max failures of one key within a minute */
export function createFailureCounter(max: number, now: () => number = () => performance.now()): FailureCounter {
  const counts = new Map<string, { failures: number; until: number }>()

  function refuse(key: string): void {
    const count = counts.get(key)
    if (count === undefined || count.until <= now() || count.failures < max) return
    const retryAfter = Math.ceil((count.until - now()) / 1000)
    throw new FototecaError('too_many', `too many wrong tokens or passwords; try again in ${retryAfter} s`, { retryAfter })
  }

  return {
    refuse,
    add(key) {
      refuse(key)
      const before = counts.get(key)
      const count = before && before.until > now() ? before : { failures: 0, until: now() + WINDOW_MS }
      count.failures += 1
      counts.delete(key) // to the end: the oldest is first
      counts.set(key, count)
      const [oldest] = counts.keys()
      if (counts.size > MAX_KEYS && oldest !== undefined) counts.delete(oldest)
    },
  }
}
