/** @file Counts wrong tokens per address, so that guessing is slow; an address that guessed too often waits. */
import { FototecaError } from '../../domain/errors.ts'

const MAX_FAILURES = 10
const WINDOW_MS = 60_000
/** so that many addresses cannot fill the memory */
const MAX_ADDRESSES = 10_000

export function createFailureCounter(now: () => number = Date.now) {
  const counts = new Map<string, { failures: number; until: number }>()
  return {
    /** @throws FototecaError `too_many` */
    refuseIfTooMany(address: string): void {
      const count = counts.get(address)
      if (count && count.until > now() && count.failures >= MAX_FAILURES)
        throw new FototecaError('too_many', 'too many wrong tokens from this address; wait a minute')
    },
    add(address: string): void {
      const count = counts.get(address)
      const failures = count && count.until > now() ? count.failures + 1 : 1
      counts.delete(address) // to the end: the oldest is first
      counts.set(address, { failures, until: now() + WINDOW_MS })
      if (counts.size > MAX_ADDRESSES) {
        const oldest = counts.keys().next().value
        if (oldest !== undefined) counts.delete(oldest)
      }
    },
  }
}
