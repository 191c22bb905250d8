/**
 * @file The photos of a library’s most common words, in memory. A server reads a million documents from pages of 8 kB each; for a word
 * on half of them that takes a second, by any index (the embedded database of 100,000: 80 ms for a word on a fifth), and nearly every
 * question holds such a word. All are read in one pass over the documents, in short turns, and follow what is written: an answer is never
 * older than the question.
 */
import type { Db } from '../db/client.ts'
import { IdSet } from '../domain/search/id-set.ts'
import { EVERY_PHOTO } from '../domain/visibility.ts'
import { parseTree, type QueryTree, type QueryWord, writeWord } from './query-tree.ts'
import { readDatabaseState } from './store-changes.ts'
import { readChangedDocuments } from './store-facets.ts'
import { readMaxPhotoId } from './store-list.ts'
import { listCommonWords, readPhotosOfWords } from './store-matches.ts'

/** Below, a word on half the photos is read in 20 ms. */
const MIN_PHOTOS = 20_000
/** Words on fewer photos are read in some 50 ms at a million, in 5 at 100,000. */
const MIN_SHARE = 0.01
/** One bit a photo and word: 512 words at a million. At 100,000 a few hundred words are so common, at 12.5 kB each. */
const MAX_BYTES = 64_000_000
/** Documents per statement: some 25 ms on a server, and searches get their turn between. */
const PAGE = 500
/** A question waits for so many changed documents; where there are more, it asks the database, and the words catch up behind it. */
const MAX_WAITED = 5000
/** Which words are common is found out again after this time, when one comes that is not there. */
const SETTLED_MS = 3_600_000

/** Words that begin as typed and are left out of what the database is asked; the more, the longer the index takes. */
const MAX_LEFT_OUT = 8

interface Filled {
  /** word of documents → bits as in `IdSet` */
  readonly sets: Map<string, Uint32Array<ArrayBuffer>>
  /** documents written since are looked at again */
  readonly seen: string
  /** of the database, read before what was last looked at */
  readonly state: string
}

/** A query that common words answer, but for what is still to be read. */
export interface Resolved {
  /** tsqueries: words that are not common */
  readonly asks: readonly string[]
  /** @param answers to the asks, in their order */
  readonly combine: (answers: readonly IdSet[]) => IdSet
}

export interface CommonLimits {
  readonly minPhotos?: number
  readonly minShare?: number
  readonly page?: number
  readonly maxWaited?: number
}

export class CommonWords {
  readonly #limits: Required<CommonLimits>
  #filled: Filled | null = null
  #filledAt = Number.NEGATIVE_INFINITY
  #filling: Promise<void> | null = null
  #updating: Promise<boolean> | null = null
  #isBehind = false

  constructor(limits: CommonLimits = {}) {
    this.#limits = { minPhotos: MIN_PHOTOS, minShare: MIN_SHARE, page: PAGE, maxWaited: MAX_WAITED, ...limits }
  }

  /** Reads the words; nothing in a small library. For the start, and when a word came that took long to read. @param signal ends it between two pages */
  warm(db: Db, signal?: AbortSignal): Promise<void> {
    if (performance.now() - this.#filledAt < SETTLED_MS) return Promise.resolve()
    this.#filling ??= this.#fill(db, signal).finally(() => {
      this.#filling = null
    })
    return this.#filling
  }

  /** Follows what was written. @returns false where it knows nothing, or too much was written */
  async follow(db: Db, state: string | null): Promise<boolean> {
    if (this.#filled === null) return false
    if (state !== null && this.#filled.state === state) return true
    if (this.#isBehind) return false
    // those who ask at the same time wait for the same update
    this.#updating ??= this.#update(db).finally(() => {
      this.#updating = null
    })
    return this.#updating
  }

  /** null where the database answers better: no word of a part is common, so it finds few photos by that part. */
  resolve(query: string): Resolved | null {
    const tree = this.#filled && parseTree(query)
    return tree && this.#isCovered(tree) ? this.#resolve(tree) : null
  }

  #isCovered(tree: QueryTree): boolean {
    if ('word' in tree) return this.#findSets(tree).length > 0
    return 'all' in tree ? tree.all.every((part) => this.#isCovered(part)) : tree.any.some((part) => this.#isCovered(part))
  }

  /** Most frequent first. */
  #findSets({ word, isPrefix }: QueryWord): [string, Uint32Array<ArrayBuffer>][] {
    const sets = this.#filled?.sets ?? new Map<string, Uint32Array<ArrayBuffer>>()
    if (isPrefix) return [...sets].filter(([own]) => own.startsWith(word))
    const set = sets.get(word)
    return set ? [[word, set]] : []
  }

  #resolve(tree: QueryTree): Resolved {
    if ('word' in tree) return resolveWord(tree, this.#findSets(tree))
    const isAll = 'all' in tree
    const parts = (isAll ? tree.all : tree.any).map((part) => this.#resolve(part))
    return {
      asks: parts.flatMap(({ asks }) => asks),
      combine: (answers) => {
        let at = 0
        const sets = parts.map(({ asks, combine }) => {
          at += asks.length
          return combine(answers.slice(at - asks.length, at))
        })
        return sets.reduce((joined, set) => (isAll ? joined.and(set) : joined.or(set)))
      },
    }
  }

  async #fill(db: Db, signal?: AbortSignal): Promise<void> {
    const maxId = await readMaxPhotoId(db, EVERY_PHOTO)
    if (maxId < this.#limits.minPhotos) return
    const bytes = (maxId >>> 3) + 1
    const words = await listCommonWords(db, { photos: maxId, minShare: this.#limits.minShare, limit: Math.floor(MAX_BYTES / bytes) })
    const state = await readDatabaseState(db)
    const { ids, seen } = await readChangedDocuments(db, null)
    const sets = new Map(words.map((word) => [word, new Uint32Array((maxId >>> 5) + 1)]))
    await this.#read(db, sets, ids, signal)
    this.#filled = { sets, seen, state }
    this.#filledAt = performance.now()
  }

  async #update(db: Db): Promise<boolean> {
    const state = await readDatabaseState(db)
    const filled = this.#filled
    if (filled === null) return false
    if (filled.state === state) return true
    const { ids, gone, seen } = await readChangedDocuments(db, filled.seen)
    const changed = new Int32Array(ids.length + gone.length)
    changed.set(ids)
    changed.set(gone, ids.length)
    const read = this.#read(db, filled.sets, changed).then(() => {
      // only now: an update that failed half-way is made again whole
      if (this.#filled === filled) this.#filled = { ...filled, seen, state }
    })
    this.#isBehind = changed.length > this.#limits.maxWaited
    if (!this.#isBehind) await read
    else
      read
        .catch(() => {}) // the next question tries again
        .finally(() => {
          this.#isBehind = false
        })
    return !this.#isBehind
  }

  /** Page by page, and each page at once: whoever reads between two sees whole photos. */
  async #read(db: Db, sets: Map<string, Uint32Array<ArrayBuffer>>, ids: Int32Array, signal?: AbortSignal): Promise<void> {
    for (let start = 0; start < ids.length; start += this.#limits.page) {
      signal?.throwIfAborted()
      const page = ids.subarray(start, start + this.#limits.page)
      const rows = await readPhotosOfWords(db, page, [...sets.keys()])
      const touched = IdSet.of(page).words
      const first = page.reduce((least, id) => Math.min(least, id)) >>> 5
      for (const [word, set] of sets) {
        const own = grow(set, touched.length)
        for (let i = first; i < touched.length; i++) own[i] = (own[i] ?? 0) & ~(touched[i] ?? 0)
        sets.set(word, own)
      }
      for (const { word, ids: found } of rows) {
        const set = sets.get(word)
        if (set) for (const id of found) set[id >>> 5] = (set[id >>> 5] ?? 0) | (1 << (id & 31))
      }
    }
  }
}

function resolveWord(word: QueryWord, found: readonly (readonly [string, Uint32Array<ArrayBuffer>])[]): Resolved {
  // words less common that begin so: the index tells those without a look at the documents of the others
  const others = found.slice(0, MAX_LEFT_OUT).map(([own]) => ` & !${writeWord({ word: own, isPrefix: false })}`)
  return {
    asks: found.length > 0 && !word.isPrefix ? [] : [`${writeWord(word)}${others.join('')}`],
    // `or` copies: the sets go on changing
    combine: ([more = IdSet.of([])]) => found.reduce((all, [, set]) => all.or(IdSet.fromWords(set)), more),
  }
}

function grow(set: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= set.length) return set
  const larger = new Uint32Array(Math.ceil(length * 1.1))
  larger.set(set)
  return larger
}
