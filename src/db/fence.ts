/**
 * @file A fence around work that one process of the library does: what it writes is refused once another process does it. It goes with the
 * asynchronous context of a piece of work, so all it writes is covered, whatever function writes it. (ADR 79)
 */
import { AsyncLocalStorage } from 'node:async_hooks'

export interface Fence {
  /** of the work */
  readonly name: string
  /** raised each time the work goes to another process */
  readonly token: number
}

/** Another process does this work now: this one was not heard of for too long, and must save nothing of it. */
export class LeaseLost extends Error {
  /** @param what it worked on */
  constructor(what: string) {
    super(`another process took over ${what}`)
  }
}

const current = new AsyncLocalStorage<Fence | null>()

/** @param fence null: within none, also where the caller is within one */
export const withFence = <T>(fence: Fence | null, act: () => T): T => current.run(fence, act)

export const currentFence = (): Fence | null => current.getStore() ?? null
