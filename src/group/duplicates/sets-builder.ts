/** @file Keeps the sets in step with the pairs, in the background: built anew from all pairs when some changed, written where they differ. */
import type { Db } from '../../db/client.ts'
import { describeError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import { buildSets, type DuplicateSet, matchSets } from './build-sets.ts'
import { runPass } from './run-pass.ts'
import { deleteSets, orderPhotos, readPairs, readStoredSets, writeSets } from './store-sets.ts'

/** Sets of so many pairs are built in 10 ms, here; more in a thread. */
const PAIRS_HERE = 5000
/** While photos come in, building takes at most a tenth of the time. */
const REST = 10

export class SetsBuilder implements AsyncDisposable {
  readonly #db: Db
  readonly #log: Log
  readonly #quietMs: number
  readonly #closing = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isWanted = false

  /** @param quietMs pairs found within that time are built together; tests shorten it */
  constructor(db: Db, log: Log, quietMs = 1500) {
    this.#db = db
    this.#log = log
    this.#quietMs = quietMs
  }

  /** Pairs may have changed. */
  wake(): void {
    this.#isWanted = true
    this.#plan(this.#quietMs)
  }

  #plan(delayMs: number): void {
    if (this.#closing.signal.aborted || this.#running || this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#isWanted = false
      const started = performance.now()
      this.#running = this.build()
        .then(() => undefined)
        .catch((error: unknown) => {
          if (!this.#closing.signal.aborted) this.#log.error({ err: describeError(error) }, 'sets of duplicates could not be built')
        })
        .finally(() => {
          this.#running = undefined
          if (this.#isWanted) this.#plan(Math.max(this.#quietMs, (performance.now() - started) * REST))
        })
    }, delayMs).unref()
  }

  /** @returns how many sets there are. Interrupted anywhere, the next run completes it. */
  async build(): Promise<number> {
    const { signal } = this.#closing
    const pairs = await readPairs(this.#db)
    const photos = await orderPhotos(this.#db, [...new Set(pairs.flatMap(({ a, b }) => [a, b]))])
    const sets: readonly DuplicateSet[] =
      pairs.length <= PAIRS_HERE ? buildSets(pairs, photos) : ((await runPass({ do: 'build', pairs, photos }, signal)).sets ?? [])
    signal.throwIfAborted()
    const stored = await readStoredSets(this.#db)
    const { ids, gone } = matchSets(sets, stored)
    const before = new Map(stored.map((set) => [set.id, JSON.stringify([set.representative, set.members])]))
    const changed = sets
      .map((set, i) => ({ ...set, id: ids[i] ?? null }))
      .filter((set) => set.id === null || before.get(set.id) !== JSON.stringify([set.representative, set.members]))
    await deleteSets(this.#db, gone)
    await writeSets(this.#db, changed)
    return sets.length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await this.#running
  }
}
