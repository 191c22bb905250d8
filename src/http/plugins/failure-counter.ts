/** @file Counts wrong tokens per client, so that guessing is slow: a client that guessed too often is told when it may guess again. */
import { FototecaError } from '../../domain/errors.ts'
import { clientKey } from '../client-key.ts'

const MAX_FAILURES = 10
const WINDOW_MS = 60_000
/** so that many addresses cannot fill the memory */
const MAX_CLIENTS = 10_000

export function createFailureCounter(now: () => number = () => performance.now()) {
  const counts = new Map<string, { failures: number; until: number }>()
  return {
    /** Of a token that was wrong. @throws FototecaError `too_many` with the seconds to wait, after too many of them */
    add(address: string): void {
      const key = clientKey(address)
      const before = counts.get(key)
      const count = before && before.until > now() ? before : { failures: 0, until: now() + WINDOW_MS }
      if (count.failures >= MAX_FAILURES) {
        const retryAfter = Math.ceil((count.until - now()) / 1000)
        throw new FototecaError('too_many', `too many wrong tokens from this address; try again in ${retryAfter} s`, { retryAfter })
      }
      count.failures += 1
      counts.delete(key) // to the end: the oldest is first
      counts.set(key, count)
      const [oldest] = counts.keys()
      if (counts.size > MAX_CLIENTS && oldest !== undefined) counts.delete(oldest)
    },
  }
}
