/** @file Work done at the start and every hour, like deleting what has been in the trash for long. */
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'

const HOUR_MS = 60 * 60 * 1000

export class Hourly implements AsyncDisposable {
  readonly #work: () => Promise<unknown>
  readonly #log: Log
  #timer: NodeJS.Timeout | undefined
  #running: Promise<unknown> | undefined

  constructor(work: () => Promise<unknown>, log: Log) {
    this.#work = work
    this.#log = log
  }

  start(): void {
    this.#begin()
    this.#timer = setInterval(() => this.#begin(), HOUR_MS).unref()
  }

  #begin(): void {
    this.#running ??= this.#work()
      .catch((error: unknown) => this.#log.warn({ err: describeError(error) }, 'hourly work did not finish; it is tried again in an hour'))
      .finally(() => {
        this.#running = undefined
      })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }
}
