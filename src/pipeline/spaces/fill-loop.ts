/** @file A loop in the background: works while there is work, sleeps until it is woken, and lets others act between two pieces of work. */
import { describeError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import { NO_OUTAGES, type Outages } from '../../domain/outage.ts'

/** Looked at again this often even when nobody woke it. */
const LOOK_AGAIN_MS = 30_000
/** After trouble (the database, a process that cannot start). */
const TROUBLE_PAUSE_MS = 5000

export class FillLoop implements AsyncDisposable {
  readonly #work: () => Promise<boolean>
  readonly #log: Log
  readonly #outages: Outages
  readonly #closing = new AbortController()
  #isClosed = false
  #isWoken = false
  #wake: (() => void) | undefined
  #loop: Promise<void> | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** @param work one piece; true when there may be more at once */
  constructor(work: () => Promise<boolean>, log: Log, outages: Outages = NO_OUTAGES) {
    this.#work = work
    this.#log = log
    this.#outages = outages
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  wake(): void {
    this.#isWoken = true
    this.#wake?.()
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Someone waits for the turn: end the piece of work early. */
  get mustYield(): boolean {
    return this.#isClosed || this.#waiting > 0
  }

  /** Runs `act` while no piece of work is open. */
  exclusive<T>(act: () => Promise<T>): Promise<T> {
    this.#waiting++
    return this.#take(async () => {
      this.#waiting--
      return act()
    })
  }

  #take<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act, act)
    this.#turn = mine.catch(() => {})
    return mine
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#closing.abort()
    this.wake()
    await this.#loop
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      this.#isWoken = false
      let pauseMs = LOOK_AGAIN_MS
      try {
        await this.#outages.over(this.#closing.signal)
        if (await this.#take(this.#work)) continue
      } catch (error) {
        if (this.#isClosed) return
        this.#log.error({ err: describeError(error) }, 'a space could not be filled on; it will be tried again')
        pauseMs = TROUBLE_PAUSE_MS
      }
      await this.#sleep(pauseMs)
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#isClosed || this.#isWoken) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }
}
