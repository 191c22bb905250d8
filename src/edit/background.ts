/** @file Works through what edits left to do: their photos, changed categories, search documents. All of it is rows, so it resumes after a crash. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { continueDocuments } from '../search/store-document.ts'
import { continueEdits } from './edits.ts'
import { Pace } from './pace.ts'
import { continueCategories } from './store-categories.ts'

const RETRY_MS = 5000

export interface PacedWork {
  /** One transaction over at most so many photos. @returns how many; 0: there was nothing to do */
  readonly work: (db: Db, photos: number) => Promise<number>
  /** photos per transaction */
  readonly least: number
  readonly most: number
}

/** In the order a person notices them. */
export const WORK: readonly PacedWork[] = [
  { work: continueEdits, least: 20, most: 2000 },
  { work: continueCategories, least: 500, most: 20_000 },
  { work: continueDocuments, least: 10, most: 500 },
]

export class BackgroundEdits implements AsyncDisposable {
  readonly #db: Db
  readonly #log: Log
  readonly #more: readonly (() => Promise<boolean>)[]
  readonly #paced = WORK.map(({ work, ...limits }) => ({ work, pace: new Pace(limits) }))
  readonly #closing = new AbortController()
  #isWanted = false
  #running: Promise<void> | undefined

  /** @param more other work of the same kind, done last */
  constructor(db: Db, log: Log, more: readonly (() => Promise<boolean>)[] = []) {
    this.#db = db
    this.#log = log
    this.#more = more
  }

  /** There may be something to do. */
  wake(): void {
    this.#isWanted = true
    if (this.#closing.signal.aborted) return
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      if (this.#isWanted) this.wake()
    })
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#closing.signal.aborted) {
      this.#isWanted = false
      try {
        while (!this.#closing.signal.aborted && (await this.#step())) await nextTurn()
      } catch (error) {
        if (this.#closing.signal.aborted) return
        this.#log.error({ err: describeError(error) }, 'edits could not be worked through; trying again')
        this.#isWanted = true
        await sleep(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => {})
      }
    }
  }

  async #step(): Promise<boolean> {
    for (const { work, pace } of this.#paced) if ((await pace.run((photos) => work(this.#db, photos))) > 0) return true
    for (const work of this.#more) if (await work()) return true
    return false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isWanted = false
    this.#closing.abort()
    await this.#running
  }
}
