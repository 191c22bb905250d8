/** @file How much one transaction of background work takes on: as much as fits the time a search may be kept waiting, on this computer, now. */

/** A search waits behind a transaction at most once in the embedded database; this is half of what one notices there. */
const TARGET_MS = 30
/** Of the newest measurement: one slow transaction halves the next, and is forgotten after a few. */
const WEIGHT = 0.5

export class Pace {
  readonly #least: number
  readonly #most: number
  #msPerPiece: number | null = null

  /** @param limits pieces (photos) per transaction; the first one takes the least */
  constructor(limits: { readonly least: number; readonly most: number }) {
    this.#least = limits.least
    this.#most = limits.most
  }

  get size(): number {
    if (this.#msPerPiece === null) return this.#least
    return Math.max(this.#least, Math.min(this.#most, Math.floor(TARGET_MS / this.#msPerPiece)))
  }

  /** @param work takes on at most so many pieces. @returns how many it had; 0: there is nothing to do */
  async run(work: (size: number) => Promise<number>): Promise<number> {
    const started = performance.now()
    const done = await work(this.size)
    this.#learn(done, performance.now() - started)
    return done
  }

  /** What every transaction costs whatever it takes on is part of the price of a piece, so small ones make the next larger, not smaller. */
  #learn(done: number, ms: number): void {
    if (done < this.#least) return // the end of something: says little
    const now = ms / done
    this.#msPerPiece = this.#msPerPiece === null ? now : this.#msPerPiece + WEIGHT * (now - this.#msPerPiece)
  }
}
