/** @file Spreads reading over time, so that a check of a whole disk is not noticed by whoever uses it. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Shorter waits are saved up: a timer is not that exact. */
const MIN_WAIT_MS = 20
/** What was not read while it waited for something else is not caught up on. */
const MAX_CREDIT_MS = 200

export class Throttle {
  readonly #bytesPerSecond: () => number
  #freeAt = 0

  /** @param bytesPerSecond 0: as fast as it goes */
  constructor(bytesPerSecond: () => number) {
    this.#bytesPerSecond = bytesPerSecond
  }

  /** Call it after so many bytes. @returns a wait, where one is due */
  take(bytes: number, signal: AbortSignal): Promise<void> | undefined {
    const rate = this.#bytesPerSecond()
    if (rate === 0) return undefined
    const now = performance.now()
    this.#freeAt = Math.max(this.#freeAt, now - MAX_CREDIT_MS) + (bytes / rate) * 1000
    const waitMs = this.#freeAt - now
    return waitMs < MIN_WAIT_MS ? undefined : sleep(waitMs, undefined, { signal })
  }
}
