/**
 * @file Which photos are in which album and cluster, in memory, for counting them. Groups change without the documents of their photos being
 * written, so the facet index cannot follow them: they are read whole and kept for seconds. 4 bytes per photo and group it is in.
 */
import type { FilterKey } from '../contract/search-filters.ts'
import type { Db } from '../db/client.ts'
import { IdSet } from '../domain/search/id-set.ts'
import type { Groups } from './filters/filter.ts'
import { listGroups } from './filters.ts'
import { readGroupMembers } from './store-groups.ts'

/** Older counts are read again, but nobody waits for that … */
const FRESH_MS = 5000
/** … unless they are this old. */
const MAX_AGE_MS = 60_000

/** value of the filter → photos that are not in the trash */
type Members = ReadonlyMap<string, Int32Array>

interface Kept {
  readonly members: Promise<Members>
  readonly at: number
}

export class GroupIndex {
  readonly #kept = new Map<FilterKey, Kept>()
  readonly #reading = new Set<FilterKey>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** How many of these photos each group holds; of all photos without `photoIds`. Groups that hold none are left out. */
  async count(db: Db, photoIds: Int32Array | null): Promise<{ key: FilterKey; value: string; count: number }[]> {
    const among = photoIds && IdSet.of(photoIds)
    const counts: { key: FilterKey; value: string; count: number }[] = []
    for (const { key, groups } of listGroups())
      for (const [value, ids] of await this.#members(db, key, groups)) {
        let count = ids.length
        if (among) {
          count = 0
          for (const id of ids) if (among.has(id)) count++
        }
        if (count > 0) counts.push({ key, value, count })
      }
    return counts
  }

  #members(db: Db, key: FilterKey, { rows }: Groups): Promise<Members> {
    const kept = this.#kept.get(key)
    const age = kept ? this.#now() - kept.at : Number.POSITIVE_INFINITY
    if (kept && (age < FRESH_MS || this.#reading.has(key))) return kept.members
    this.#reading.add(key)
    const at = this.#now()
    const members = readGroupMembers(db, rows)
    const isOld = age > MAX_AGE_MS
    if (isOld) this.#kept.set(key, { members, at })
    members
      .then(
        () => this.#kept.set(key, { members, at }),
        // who waits for it is told; the next one tries again
        () => isOld && this.#kept.delete(key),
      )
      .finally(() => this.#reading.delete(key))
    return isOld || !kept ? members : kept.members
  }
}
