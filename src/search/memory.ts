/**
 * @file What a running search remembers between requests: result lists that are being paged through, how full each space is,
 * photos of common words and of filters, and stems of words.
 * All of it can be lost at any time: a page then comes from searching again.
 */

import { randomBytes } from 'node:crypto'
import type { IdSet } from '../domain/search/id-set.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { Coverage } from './coverage.ts'
import { KeptMatches } from './kept-matches.ts'
import type { PictureVectors } from './picture-vectors.ts'
import type { Ranking } from './ranking.ts'
import { WhileUnchanged } from './while-unchanged.ts'

/** Lists kept, least lately used out first: about 200 bytes a hit, so some 20 MB at most in practice. */
const MAX_LISTS = 50
/** Ids in the rests of all lists: 20 MB. The newest list is kept whatever its length. */
const MAX_REST = 5_000_000
/** Counting a space of 100,000 takes some 20 ms in PGlite; a person need not know it to the second. */
const COUNT_KEPT_MS = 10_000

/** Words whose stems are kept, some 5 MB; beyond, all are forgotten. */
const MAX_STEMS = 50_000

/** Pictures people search by, as vectors of some 8 kB. */
const MAX_PICTURES = 500

/** Bytes of the photos that filters keep: one bit each, so 1,000 filters at 100,000 photos. */
const MAX_FILTER_BYTES = 12_500_000

const MAX_SMALL_BYTES = 5_000_000

/** A ranking, and for whom it was made. */
interface KeptList {
  readonly ranking: Ranking
  readonly for: string
}

interface KeptCount {
  readonly value: Promise<Coverage>
  /** of the database, read before */
  readonly state: string
  readonly until: number
}

export class SearchMemory {
  readonly matches = new KeptMatches()
  /** photos that meet the filters */
  readonly filtered: WhileUnchanged<IdSet>
  /** what every search reads: the number of photos and the newest one's id, the embedding space, names of people */
  readonly small: WhileUnchanged<unknown>
  readonly #lists = new Map<string, KeptList>()
  /** by space and visibility */
  readonly #counts = new Map<string, KeptCount>()
  /** of one language: a program has one */
  readonly #stems = new Map<string, string | null>()
  readonly #pictures = new Map<string, PictureVectors>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.filtered = new WhileUnchanged(MAX_FILTER_BYTES, now)
    this.small = new WhileUnchanged(MAX_SMALL_BYTES, now)
  }

  keep(ranking: Ranking, sees: Visibility): string {
    const key = randomBytes(9).toString('base64url')
    this.#lists.set(key, { ranking, for: sees.key })
    let rest = [...this.#lists.values()].reduce((sum, list) => sum + list.ranking.rest.length, 0)
    for (const [oldest, list] of this.#lists) {
      if (oldest === key || (this.#lists.size <= MAX_LISTS && rest <= MAX_REST)) break
      this.#lists.delete(oldest)
      rest -= list.ranking.rest.length
    }
    return key
  }

  recall(key: string, sees: Visibility): Ranking | undefined {
    const list = this.#lists.get(key)
    if (list?.for !== sees.key) return undefined
    this.#lists.delete(key)
    this.#lists.set(key, list)
    return list.ranking
  }

  /** @returns the key it is found under; the pictures least lately asked for are forgotten first */
  keepPicture(vectors: PictureVectors, key = randomBytes(12).toString('base64url')): string {
    this.#pictures.delete(key)
    this.#pictures.set(key, vectors)
    for (const oldest of this.#pictures.keys()) {
      if (this.#pictures.size <= MAX_PICTURES) break
      this.#pictures.delete(oldest)
    }
    return key
  }

  recallPicture(key: string): PictureVectors | undefined {
    const vectors = this.#pictures.get(key)
    if (vectors) this.keepPicture(vectors, key)
    return vectors
  }

  /** The stems of these words; `read` answers for those not known yet. */
  async stems(words: readonly string[], read: (words: readonly string[]) => Promise<ReadonlyMap<string, string | null>>) {
    if (this.#stems.size > MAX_STEMS) this.#stems.clear()
    const missing = words.filter((word) => !this.#stems.has(word))
    for (const [word, stem] of missing.length > 0 ? await read(missing) : []) this.#stems.set(word, stem)
    return this.#stems as ReadonlyMap<string, string | null>
  }

  /**
   * The count of a space; once it is some seconds old and something was written it is read again, for those who ask later.
   * @returns `isCurrent`: counted at this state of the database
   */
  async coverage(key: string, state: string, count: () => Promise<Coverage>): Promise<Coverage & { readonly isCurrent: boolean }> {
    const kept = this.#counts.get(key)
    if (kept && (kept.state === state || this.#now() < kept.until)) return { ...(await kept.value), isCurrent: kept.state === state }
    const value = count()
    const fresh = (): KeptCount => ({ value, state, until: this.#now() + COUNT_KEPT_MS })
    // nobody waits for a new count where an old one is there
    this.#counts.set(key, kept ? { ...kept, until: this.#now() + COUNT_KEPT_MS } : fresh())
    value.then(
      () => this.#counts.set(key, fresh()),
      () => this.#counts.delete(key),
    )
    return { ...(await (kept ?? { value }).value), isCurrent: kept === undefined }
  }
}
