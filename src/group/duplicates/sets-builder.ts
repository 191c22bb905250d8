/** @file Keeps the sets in step with the pairs, in the background: built anew from all pairs when some changed, written where they differ. */
import { Task } from '../../background/task.ts'
import type { Db } from '../../db/client.ts'
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
  readonly task: Task

  /** @param quietMs pairs found within that time are built together; tests shorten it */
  constructor(db: Db, log: Log, quietMs = 1500) {
    this.#db = db
    this.task = new Task({
      name: 'sets of duplicates',
      work: async () => void (await this.build()),
      log,
      failureMessage: 'sets of duplicates could not be built',
      settleMs: quietMs,
      restMs: (tookMs) => tookMs * REST,
    })
  }

  /** Pairs may have changed. */
  wake(): void {
    this.task.wake()
  }

  /** @returns how many sets there are. Interrupted anywhere, the next run completes it. */
  async build(): Promise<number> {
    const { signal } = this.task
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.task[Symbol.asyncDispose]()
  }
}
