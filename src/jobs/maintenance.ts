/** @file Housekeeping that follows the work: after every few hundred photos, and a while after the last one. */
import type { OpenDatabase } from '../db/client.ts'
import { ensureVectorIndexes, refreshStatistics } from '../db/maintenance.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'

/** The planner’s picture of a growing table is good enough for this many more photos. */
const PHOTOS_BETWEEN = 1000
/** Quiet this long means the work is over for now. */
const QUIET_MS = 20_000

export class Maintenance implements AsyncDisposable {
  readonly #open: Pick<OpenDatabase, 'db' | 'engine'>
  readonly #log: Log
  readonly #closing = new AbortController()
  #photos = 0
  #timer: NodeJS.Timeout | undefined
  #work: Promise<void> | undefined

  constructor(open: Pick<OpenDatabase, 'db' | 'engine'>, log: Log) {
    this.#open = open
    this.#log = log
  }

  /** A photo’s analysis ended. */
  onPhotoDone(): void {
    this.#photos++
    clearTimeout(this.#timer)
    if (this.#photos >= PHOTOS_BETWEEN) this.#begin()
    else this.#timer = setTimeout(() => this.#begin(), QUIET_MS).unref()
  }

  #begin(): void {
    if (this.#work || this.#closing.signal.aborted) return
    this.#photos = 0
    this.#work = this.#run().finally(() => {
      this.#work = undefined
    })
  }

  async #run(): Promise<void> {
    try {
      await ensureVectorIndexes(this.#open.db, this.#closing.signal)
      await refreshStatistics(this.#open, this.#closing.signal)
    } catch (error) {
      if (!this.#closing.signal.aborted)
        this.#log.warn({ err: describeError(error) }, 'housekeeping did not finish; it will be done after the next photos')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await this.#work
  }
}
