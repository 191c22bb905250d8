/** @file Works through what edits left to do: their photos, changed categories, search documents. All of it is rows, so it resumes after a crash. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { continueDocuments } from '../search/store-document.ts'
import { continueEdits } from './edits.ts'
import { continueCategories } from './store-categories.ts'

const RETRY_MS = 5000

/** In the order a person notices them. Each does one short transaction and says whether there was anything to do. */
const WORK: readonly ((db: Db) => Promise<boolean>)[] = [continueEdits, continueCategories, continueDocuments]

export class BackgroundEdits implements AsyncDisposable {
  readonly #db: Db
  readonly #log: Log
  readonly #more: readonly (() => Promise<boolean>)[]
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
    for (const work of WORK) if (await work(this.#db)) return true
    for (const work of this.#more) if (await work()) return true
    return false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isWanted = false
    this.#closing.abort()
    await this.#running
  }
}
