/** @file What happened that other parts wake for. A part signs up where it is composed, so whoever tells need not know who listens. */

import { withFence } from '../db/fence.ts'

export class Signal {
  readonly #listeners: (() => void)[] = []

  /** `listener` is called each time, in the order of signing up; it must neither throw nor wait. */
  listen(listener: () => void): void {
    this.#listeners.push(listener)
  }

  readonly emit = (): void => this.tell()

  protected tell(): void {
    // they go on by themselves, not as part of the work that told
    withFence(null, () => {
      for (const listener of this.#listeners) listener()
    })
  }
}

/** Tells the first time at once, and of all that happens soon after only once more: those who listen look at everything new together. */
export class PacedSignal extends Signal {
  readonly #everyMs: number
  #timer: NodeJS.Timeout | undefined
  #isWanted = false

  constructor(everyMs: number) {
    super()
    this.#everyMs = everyMs
  }

  override readonly emit = (): void => {
    if (this.#timer) this.#isWanted = true
    else this.#tellNow()
  }

  /** Nothing more comes soon: what waits is told now. */
  readonly flush = (): void => {
    if (this.#isWanted) this.#tellNow()
  }

  /** What waits is not told any more. */
  close(): void {
    clearTimeout(this.#timer)
    this.#isWanted = false
  }

  #tellNow(): void {
    clearTimeout(this.#timer)
    this.#isWanted = false
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.flush()
    }, this.#everyMs).unref()
    this.tell()
  }
}

/** While thousands of photos are analysed, a look after each would cost as much as the photo’s own rows. */
const PHOTOS_DONE_EVERY_MS = 3000

export interface Signals {
  /** photos came or their facts were saved */
  readonly photoDone: PacedSignal
  /** steps were made due */
  readonly stepsDue: Signal
  /** another model may answer for a capability */
  readonly modelsChanged: Signal
  /** what keyword search and filters look at is due to be put in step with decisions and facts */
  readonly factsChanged: Signal
  /** a person decided about the trash or about pairs of photos */
  readonly groupsDecided: Signal
}

export const createSignals = (): Signals => ({
  photoDone: new PacedSignal(PHOTOS_DONE_EVERY_MS),
  stepsDue: new Signal(),
  modelsChanged: new Signal(),
  factsChanged: new Signal(),
  groupsDecided: new Signal(),
})
