/** @file What happened that other parts wake for. A part signs up where it is composed, so whoever tells need not know who listens. */

export class Signal {
  readonly #listeners: (() => void)[] = []

  /** `listener` is called each time, in the order of signing up; it must neither throw nor wait. */
  listen(listener: () => void): void {
    this.#listeners.push(listener)
  }

  readonly emit = (): void => {
    for (const listener of this.#listeners) listener()
  }
}

export interface Signals {
  /** a photo’s facts were saved */
  readonly photoDone: Signal
  /** another model may answer for a capability */
  readonly modelsChanged: Signal
  /** what keyword search and filters look at is due to be put in step with decisions and facts */
  readonly factsChanged: Signal
  /** a person decided about the trash or about pairs of photos */
  readonly groupsDecided: Signal
}

export const createSignals = (): Signals => ({
  photoDone: new Signal(),
  modelsChanged: new Signal(),
  factsChanged: new Signal(),
  groupsDecided: new Signal(),
})
