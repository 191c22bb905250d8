/**
 * @file Which photos hold a common word, kept in memory: reading them all takes 40 ms of a processor for a word on half of 100,000 photos in
 * PGlite, and the counts beside a search, its next page and other searches with the word ask for the same. Each time the documents
 * written since are looked at again, if anything at all was written, so an answer is never older than the question.
 */
import type { Db } from '../db/client.ts'
import { IdSet } from '../domain/search/id-set.ts'
import { CommonWords, type Resolved } from './common-words.ts'
import { readMatchChanges, readMatches } from './store-matches.ts'
import type { Use } from './while-unchanged.ts'

/** Fewer are read faster than they are brought up to date. */
const MIN_KEPT = 500
/** Bytes of all sets: one bit a photo, so 1,000 words at 100,000 photos and 100 at a million. */
const MAX_BYTES = 12_500_000
/** A word on so many photos takes a server half a second: in such a library the common ones are better read beforehand. */
const LONG_READ = 100_000
/** After so long more may have been written than reading all would take. */
const KEPT_MS = 300_000

interface Kept {
  readonly ids: IdSet
  readonly mark: string
  /** of the database, read before the photos were */
  readonly state: string | null
  readonly until: number
}

const NONE = IdSet.of([])
const takeFirst = ([first]: readonly IdSet[]): IdSet => first ?? NONE

export class KeptMatches {
  /** by tsquery, least lately asked first */
  readonly #kept = new Map<string, Kept>()
  #bytes = 0
  #asked = 0
  #found = 0
  readonly #minKept: number
  readonly common: CommonWords

  constructor(minKept = MIN_KEPT, common = new CommonWords()) {
    this.#minKept = minKept
    this.common = common
  }

  /**
   * Photos whose document matches.
   * @param query tsquery in Postgres’ own text form
   * @param state of the database, read before (`readDatabaseState`); null asks what was written since in any case
   */
  async read(db: Db, query: string, state: string | null = null): Promise<IdSet> {
    const [ids] = await this.#readAll(db, [query], state)
    return ids ?? IdSet.of([])
  }

  /** The photos of each. Each is kept for itself: “people” comes again, a whole sentence hardly ever. */
  async readEach(db: Db, queries: readonly string[], state: string | null): Promise<IdSet[]> {
    return this.#readAll(db, queries, state)
  }

  async #readAll(db: Db, queries: readonly string[], state: string | null): Promise<IdSet[]> {
    const isCommonKnown = await this.common.follow(db, state)
    const resolved = queries.map((query) => (isCommonKnown ? this.#resolve(query) : null) ?? { asks: [query], combine: takeFirst })
    const known = new Map<string, IdSet>()
    const asked = [...new Set(resolved.flatMap(({ asks }) => asks))]
    for (const query of asked) {
      const ids = await this.#recall(db, query, state)
      if (ids !== null) known.set(query, ids)
    }
    const missing = asked.filter((query) => !known.has(query))
    if (missing.length > 0) {
      const { ids, mark } = await readMatches(db, missing)
      // whoever asks next profits; who asked now has the answer already
      if (ids.some(({ length }) => length >= LONG_READ)) this.common.warm(db).catch(() => {})
      for (const [i, query] of missing.entries()) {
        const fresh = { ids: IdSet.of(ids[i] ?? []), mark, state, until: performance.now() + KEPT_MS }
        known.set(query, fresh.ids)
        // few photos are left of a beginning without its common words, but finding them takes a tenth of a second
        const isCostly = query.includes(' & !')
        this.#keep(query, !isCostly && (ids[i]?.length ?? 0) < this.#minKept ? null : fresh)
      }
    }
    return resolved.map(({ asks, combine }) => combine(asks.map((query) => known.get(query) ?? NONE)))
  }

  #resolve(query: string): Resolved | null {
    const resolved = this.common.resolve(query)
    if (resolved?.asks.length === 0) {
      this.#asked++
      this.#found++
    }
    return resolved
  }

  /** What is kept, brought up to date. */
  async #recall(db: Db, query: string, state: string | null): Promise<IdSet | null> {
    this.#asked++
    const kept = this.#kept.get(query)
    if (kept === undefined || kept.until < performance.now()) return null
    this.#found++
    if (state !== null && kept.state === state) {
      this.#keep(query, kept)
      return kept.ids
    }
    const { changed, matching, mark } = await readMatchChanges(db, query, kept.mark)
    const ids = changed.length === 0 ? kept.ids : kept.ids.without(IdSet.of(changed)).or(IdSet.of(matching))
    this.#keep(query, { ...kept, ids, mark, state })
    return ids
  }

  get use(): Use {
    return { asked: this.#asked, kept: this.#found }
  }

  #keep(query: string, fresh: Kept | null): void {
    this.#bytes -= this.#kept.get(query)?.ids.words.byteLength ?? 0
    this.#kept.delete(query)
    if (fresh === null) return
    this.#kept.set(query, fresh)
    this.#bytes += fresh.ids.words.byteLength
    for (const [oldest, { ids }] of this.#kept) {
      if (this.#bytes <= MAX_BYTES) break
      this.#kept.delete(oldest)
      this.#bytes -= ids.words.byteLength
    }
  }
}
