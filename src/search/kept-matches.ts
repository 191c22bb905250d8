/**
 * @file Which photos hold a common word, kept in memory: reading them all takes 40 ms of a processor for a word on half of 100,000 photos in
 * PGlite, and the counts beside a search, its next page and other searches with the word ask for the same. Each time the documents
 * written since are looked at again, so an answer is never older than the question.
 */
import type { Db } from '../db/client.ts'
import { IdSet } from '../domain/id-set.ts'
import { readMatchChanges, readMatches } from './store-matches.ts'
import type { Use } from './while-unchanged.ts'

/** Fewer are read faster than they are brought up to date. */
const MIN_KEPT = 500
/** Bytes of all sets: one bit a photo, so 1,000 words at 100,000 photos and 100 at a million. */
const MAX_BYTES = 12_500_000
/** After so long more may have been written than reading all would take. */
const KEPT_MS = 300_000

interface Kept {
  readonly ids: IdSet
  readonly mark: string
  readonly until: number
}

export class KeptMatches {
  /** by tsquery, least lately asked first */
  readonly #kept = new Map<string, Kept>()
  #bytes = 0
  #asked = 0
  #found = 0
  readonly #minKept: number

  constructor(minKept = MIN_KEPT) {
    this.#minKept = minKept
  }

  /** Photos whose document matches. @param query tsquery in Postgres’ own text form */
  async read(db: Db, query: string): Promise<IdSet> {
    this.#asked++
    const kept = this.#kept.get(query)
    if (kept === undefined || kept.until < performance.now()) {
      const { ids, mark } = await readMatches(db, query)
      const fresh = { ids: IdSet.of(ids), mark, until: performance.now() + KEPT_MS }
      this.#keep(query, ids.length < this.#minKept ? null : fresh)
      return fresh.ids
    }
    this.#found++
    const { changed, matching, mark } = await readMatchChanges(db, query, kept.mark)
    const ids = changed.length === 0 ? kept.ids : kept.ids.without(IdSet.of(changed)).or(IdSet.of(matching))
    this.#keep(query, { ...kept, ids, mark })
    return ids
  }

  /** Photos that hold any of these, and what is quoted. Each is kept for itself: “people” comes again, a whole sentence hardly ever. */
  async readAny(db: Db, queries: readonly string[], quoted: string | null = null): Promise<IdSet> {
    let any = IdSet.of([])
    for (const query of queries) any = any.or(await this.read(db, query))
    return quoted === null ? any : any.and(await this.read(db, quoted))
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
