/** @file How fast photos are finished, lately. Pure; the clock is an argument. */

/** Photos of this long ago still count. */
const WINDOW_MS = 60_000

export class Rate {
  readonly #times: number[] = []

  /** One photo was finished at `nowMs`. */
  add(nowMs: number): void {
    this.#times.push(nowMs)
    this.#forget(nowMs)
  }

  /** Photos per second over the last minute; null while fewer than three are known. */
  perSecond(nowMs: number): number | null {
    this.#forget(nowMs)
    const [first] = this.#times
    if (first === undefined || this.#times.length < 3 || nowMs <= first) return null
    return ((this.#times.length - 1) * 1000) / (nowMs - first)
  }

  #forget(nowMs: number): void {
    while (this.#times[0] !== undefined && this.#times[0] < nowMs - WINDOW_MS) this.#times.shift()
  }
}
