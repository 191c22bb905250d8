/**
 * @file The values of all facets for every photo, in memory, so that counting them for any result takes milliseconds. Filled at the start
 * from what was last saved, else from the tables, and brought up to date at each question by the documents that were rewritten and the
 * photos deleted since.
 * About 5 bytes a value: some 8 MB for 100,000 photos. With each tag lies how certain it is: searches for words rank by it.
 */
import type { FilterKey } from '../contract/search-filters.ts'
import type { Db } from '../db/client.ts'
import { isKept } from '../db/visible.ts'
import type { IdSet } from '../domain/search/id-set.ts'
import type { Visibility } from '../domain/visibility.ts'
import { tagCertainty } from './certainty.ts'
import { GroupIndex } from './group-index.ts'
import { readDatabaseState } from './store-changes.ts'
import { readFacetValues, saveFacetValues } from './store-facet-values.ts'
import { readChangedDocuments, readFacetRows, selectFacetRows } from './store-facets.ts'
import { readMatching } from './store-list.ts'
import { TagNames } from './tag-names.ts'

/** Photos per statement when the index is filled: 15,000 rows, some 40 ms in PGlite, and other queries get their turn between. */
const PAGE = 1000
/** A start reads so many changed photos in half a second: beyond, the values are worth saving again. */
const MAX_UNSAVED = 5000
/** The statement that reads the values, of no photos in particular. */
const ROWS = selectFacetRows(new Int32Array(0))
/** Lists that were replaced stay in the pool until they are this part of it. */
const MAX_WASTE = 0.5

export interface FacetCount {
  readonly key: FilterKey
  readonly value: string
  readonly count: number
}

export class FacetIndex {
  /** the tags and categories by their words */
  readonly names = new TagNames()
  /** counted apart: no document is written when they change */
  readonly groups = new GroupIndex()
  readonly #page: number
  readonly #maxUnsaved: number
  readonly #values: { readonly key: FilterKey; readonly value: string }[] = []
  readonly #ids = new Map<string, number>()
  /** per value, how many photos hold it */
  readonly #totals: number[] = []
  /** the lists of all photos, one after another: [value, …] */
  #pool = new Int32Array(1024)
  /** beside each value of the pool: how certain it is, 255 for certain */
  #certain = new Uint8Array(1024)
  /** photos read since the values were last saved */
  #unsaved = 0
  #used = 0
  #wasted = 0
  /** by photo id: where its list begins, and how long it is */
  #starts = new Int32Array(1024)
  #lengths = new Uint16Array(1024)
  #seen: string | null = null
  /** of the database, read before what was last looked at */
  #state: string | null = null
  #updating: Promise<void> | null = null
  #restoring: Promise<boolean> | null = null

  constructor(page = PAGE, maxUnsaved = MAX_UNSAVED) {
    this.#page = page
    this.#maxUnsaved = maxUnsaved
  }

  /** How many of these photos hold each value. Values none of them holds are left out. */
  async count(db: Db, photoIds: Int32Array): Promise<FacetCount[]> {
    await this.#update(db)
    const counts = new Int32Array(this.#values.length)
    // by place and with plain names: 1.5 million values for 100,000 photos, and what an iterator or a field costs each time adds up
    const [pool, starts, lengths] = [this.#pool, this.#starts, this.#lengths]
    for (let i = 0; i < photoIds.length; i++) {
      const id = photoIds[i] as number
      const start = starts[id] ?? 0
      const end = start + (lengths[id] ?? 0)
      for (let at = start; at < end; at++) (counts[pool[at] as number] as number)++
    }
    return this.#values.flatMap((value, i) => (counts[i] ? [{ ...value, count: counts[i] }] : []))
  }

  /** The photos to count for whoever may not see all; null: all. */
  async listSeen(db: Db, sees: Visibility): Promise<Int32Array | null> {
    return sees.allowed === null ? null : readMatching(db, [isKept, sees.allowed])
  }

  /** As `count`, over the whole library as it is seen. */
  async totals(db: Db, sees: Visibility): Promise<FacetCount[]> {
    const seen = await this.listSeen(db, sees)
    if (seen !== null) return this.count(db, seen)
    await this.#update(db)
    return this.#values.flatMap((value, i) => (this.#totals[i] ? [{ ...value, count: this.#totals[i] }] : []))
  }

  /**
   * How certain these photos are what each term asks for, by their tags.
   * @param terms `factors`: tag (as `names` numbers them) → what it says of the term, 0 to 1; `among`: the photos it is asked of, null for all
   * @returns per term, in the order of the ids: the best of the photo’s tags, 0 to 1; 0 where the term is not asked
   */
  weigh(
    ids: Int32Array,
    terms: readonly { readonly factors: ReadonlyMap<number, number>; readonly among: IdSet | null }[],
  ): Float32Array[] {
    const [pool, certain, starts, lengths] = [this.#pool, this.#certain, this.#starts, this.#lengths]
    return terms.map(({ factors, among }) => {
      const found = new Float32Array(ids.length)
      if (factors.size === 0) return found
      const byValue = new Float32Array(this.#values.length)
      for (const [value, factor] of factors) byValue[value] = factor / 255
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] as number
        if (among !== null && !among.has(id)) continue
        const start = starts[id] ?? 0
        const end = start + (lengths[id] ?? 0)
        let best = 0
        for (let at = start; at < end; at++) {
          const factor = byValue[pool[at] as number] as number
          if (factor > 0) best = Math.max(best, factor * (certain[at] as number))
        }
        found[i] = best
      }
      return found
    })
  }

  /** Brought up to date, unless it is at this state of the database already. */
  async follow(db: Db, state: string): Promise<void> {
    if (state !== this.#state) await this.#update(db)
  }

  /** Whether a question has to wait for no more than what changed lately. */
  get isFilled(): boolean {
    return this.#seen !== null
  }

  /** Reads all, or what changed; for the start, so that nobody waits for it. @param signal ends it between two pages */
  async warm(db: Db, signal?: AbortSignal): Promise<void> {
    await this.#update(db, signal)
  }

  /** For the next start; nothing where that would read little more without it. */
  async save(db: Db): Promise<void> {
    if (this.#seen === null || this.#unsaved <= this.#maxUnsaved) return
    this.#compact()
    const unsaved = this.#unsaved
    const [values, seen] = [[...this.#values], this.#seen]
    const [pool, certain] = [this.#pool.slice(0, this.#used), this.#certain.slice(0, this.#used)]
    await saveFacetValues(db, ROWS, { values, seen, pool, certain, lengths: this.#lengths.slice() })
    this.#unsaved -= unsaved
  }

  /** Takes what `save` left; whoever asks first does. @returns false where all is still to be read */
  restore(db: Db): Promise<boolean> {
    this.#restoring ??= this.#takeSaved(db).catch((error: unknown) => {
      this.#restoring = null
      throw error
    })
    return this.#restoring
  }

  async #takeSaved(db: Db): Promise<boolean> {
    const saved = await readFacetValues(db, ROWS)
    if (saved === null) return false
    const ids = saved.values.map(({ key, value }) => this.#valueId(key, value))
    let at = 0
    for (const [photoId, length] of saved.lengths.entries()) {
      if (length === 0) continue
      const held = {
        values: Array.from(saved.pool.subarray(at, at + length), (i) => ids[i] as number),
        certain: saved.certain.subarray(at, at + length),
      }
      this.#put(photoId, held)
      at += length
    }
    this.#seen = saved.seen
    return true
  }

  /** Those who ask at the same time wait for the same update. */
  #update(db: Db, signal?: AbortSignal): Promise<void> {
    this.#updating ??= this.#readChanges(db, signal).finally(() => {
      this.#updating = null
    })
    return this.#updating
  }

  async #readChanges(db: Db, signal: AbortSignal | undefined): Promise<void> {
    await this.restore(db)
    const state = await readDatabaseState(db)
    if (state === this.#state) return
    const { ids, gone, seen } = await readChangedDocuments(db, this.#seen)
    for (let start = 0; start < ids.length; start += this.#page) {
      signal?.throwIfAborted()
      const page = ids.subarray(start, start + this.#page)
      const lists = new Map<number, HeldSoFar>(Array.from(page, (id) => [id, { values: [], certain: [] }]))
      for (const { key, value, photo_ids, said_by, confidences } of await readFacetRows(db, page)) {
        const valueId = this.#valueId(key, value)
        for (const [i, id] of photo_ids.entries()) {
          const confidence = confidences?.[i]
          const certain = said_by === null || confidence === undefined ? 1 : tagCertainty(said_by, value, confidence)
          hold(lists.get(id), valueId, Math.max(1, Math.round(255 * certain)))
        }
      }
      for (const [id, held] of lists) this.#put(id, held)
    }
    this.#unsaved += ids.length
    for (const id of gone) if (id < this.#starts.length) this.#put(id, { values: [], certain: [] })
    // only now: an update that failed half-way is made again whole
    this.#seen = seen
    this.#state = state
    if (this.#wasted > MAX_WASTE * this.#used) this.#compact()
  }

  #valueId(key: FilterKey, value: string): number {
    const name = `${key}\0${value}`
    let id = this.#ids.get(name)
    if (id === undefined) {
      id = this.#values.push({ key, value }) - 1
      this.#totals.push(0)
      this.#ids.set(name, id)
      if (key === 'tag') this.names.addTag(id, value)
      if (key === 'category') this.names.addCategory(id, value)
    }
    return id
  }

  #put(photoId: number, { values: list, certain }: Held): void {
    if (photoId >= this.#starts.length) {
      this.#starts = grow(this.#starts, new Int32Array(roomFor(photoId + 1)))
      this.#lengths = grow(this.#lengths, new Uint16Array(this.#starts.length))
    }
    if (this.#used + list.length > this.#pool.length) {
      this.#pool = grow(this.#pool, new Int32Array(roomFor(this.#used + list.length)))
      this.#certain = grow(this.#certain, new Uint8Array(this.#pool.length))
    }
    const start = this.#starts[photoId] ?? 0
    const length = this.#lengths[photoId] ?? 0
    for (const value of this.#pool.subarray(start, start + length)) this.#totals[value] = (this.#totals[value] ?? 0) - 1
    for (const value of list) this.#totals[value] = (this.#totals[value] ?? 0) + 1
    this.#wasted += length
    this.#pool.set(list, this.#used)
    this.#certain.set(certain, this.#used)
    this.#starts[photoId] = this.#used
    this.#lengths[photoId] = list.length
    this.#used += list.length
  }

  #compact(): void {
    const pool = new Int32Array(roomFor(this.#used - this.#wasted))
    const certain = new Uint8Array(pool.length)
    let used = 0
    for (const [id, length] of this.#lengths.entries()) {
      const start = this.#starts[id] ?? 0
      pool.set(this.#pool.subarray(start, start + length), used)
      certain.set(this.#certain.subarray(start, start + length), used)
      this.#starts[id] = used
      used += length
    }
    this.#pool = pool
    this.#certain = certain
    this.#used = used
    this.#wasted = 0
  }
}

/** What a photo holds: its values, and how certain each is, 1 to 255. */
interface Held {
  readonly values: readonly number[]
  readonly certain: ArrayLike<number>
}

interface HeldSoFar extends Held {
  readonly values: number[]
  readonly certain: number[]
}

/** A tag that two models say is as certain as the surer of them says. */
function hold(held: HeldSoFar | undefined, value: number, certain: number): void {
  if (held === undefined) return
  const known = held.values.indexOf(value)
  if (known < 0) {
    held.values.push(value)
    held.certain.push(certain)
  } else held.certain[known] = Math.max(held.certain[known] ?? 0, certain)
}

const roomFor = (length: number): number => Math.max(1024, Math.ceil(length * 1.5))

function grow<T extends Int32Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}
