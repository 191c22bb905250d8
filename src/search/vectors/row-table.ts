/**
 * @file Vectors of one space as rows of int8, compared with a question: one and all, and beyond GROUPED_FROM those that lie where the
 * question is near. Lives in the scan’s thread; no IO. They are picked by rounded distances: who asks takes some more than wanted. As long as
 * the rows keep what was rounded off, their distances come with them; else who asks compares them exactly.
 */
import { CentreSearch, type Centres } from './centres.ts'
import { CodeRows } from './code-rows.ts'
import { ROWS_AT_ONCE } from './kernel.ts'

/** Rows lie in blocks; a group has blocks of its own, wherever they are. Of a thousand groups half a block each is empty: 3 % of a million. */
const BLOCK = 64
/** Neighbouring blocks per call of the kernel: their products stay in the processor’s first cache. */
const RUN = 64
/** A set that keeps fewer rows than one in so many is looked up row by row. */
const SPARSE = 16
/** Fewer rows are compared all: some 9 core-ms at width 256. */
const GROUPED_FROM = 200_000
/** Grown so much, the centres are looked for again. */
const REGROUP_AT = 4
/** Rows that go to their group in a slice: some 20 ms. */
const SLICE_BLOCKS = 6
/**
 * Rows that a question is compared with, those nearest their centres first. Of a million (width 256, 80 questions of a text tower), at
 * 20,000 / 40,000 / 80,000: recall@10 .988 / .994 / 1, worst .8 / .9 / 1; recall@200 .985 / .994 / .999; 3 / 4 / 8 core-ms.
 */
const PROBED = 40_000

/** Bytes for what was rounded off, as many as the rows themselves take: 166,000 photos at width 768. Beyond, a server compares exactly. */
export const MAX_FINE = 128_000_000

export interface NearRows {
  /** best first */
  readonly ids: Int32Array
  /** 1 − cosine, off by some millionths; null where the rows are too many to say it */
  readonly distances: Float64Array | null
}

export interface NearestQuestion {
  readonly vector: Float32Array
  /** bits of the only ids that may be found (`IdSet.words`); null: any */
  readonly kept: Uint32Array | null
  readonly maxPhotoId: number
  /** never found */
  readonly exceptId: number | null
  /** how many are wanted */
  readonly count: number
}

interface Group {
  readonly blocks: number[]
  /** the block that takes the next row; -1: none has room */
  open: number
}

export class RowTable {
  readonly width: number
  readonly #codes: CodeRows
  readonly #limits: { readonly groupedFrom: number; readonly probed: number }
  #count = 0
  /** by row: photo id */
  #ids = new Int32Array(0)
  /** by photo id: its row + 1; 0 is none */
  #places = new Int32Array(1024)
  /** by block: rows in it, and its group (-1: not grouped) */
  readonly #filled: number[] = []
  readonly #groupOf: number[] = []
  readonly #free: number[] = []
  /** rows that are in no group, or not yet: every question is compared with them */
  #loose: Group = { blocks: [], open: -1 }
  #groups: Group[] = []
  #centres: Centres | null = null
  #groupedAt = 0
  #search: CentreSearch | null = null

  constructor(width: number, limits = { groupedFrom: GROUPED_FROM, probed: PROBED }, maxFine = MAX_FINE) {
    this.width = width
    this.#limits = limits
    this.#codes = new CodeRows(width, RUN * BLOCK, maxFine)
  }

  get count(): number {
    return this.#count
  }

  /** @param vectors [ids.length × width]; a photo that is there already is replaced */
  put(ids: Int32Array, vectors: Float32Array): void {
    for (const [i, id] of ids.entries()) {
      this.#remove(id)
      const vector = vectors.subarray(i * this.width, (i + 1) * this.width)
      const row = this.#append(id, this.#centres?.nearest(vector) ?? -1)
      this.#codes.write(row, vector)
    }
  }

  /** Ids that are not there are passed over. */
  remove(ids: Int32Array): void {
    for (const id of ids) this.#remove(id)
  }

  /** Does a slice of putting rows into groups by where they lie, where there are enough. @returns whether there is more to do */
  arrange(): boolean {
    if (this.#search) {
      const centres = this.#search.next()
      if (!centres) return true
      this.#search = null
      this.#centres = centres
      const blocks = [...this.#loose.blocks, ...this.#groups.flatMap((group) => group.blocks)]
      for (const block of blocks) this.#groupOf[block] = -1
      this.#loose = { blocks, open: -1 }
      this.#groups = Array.from({ length: centres.count }, () => ({ blocks: [], open: -1 }))
      return true
    }
    if (this.#centres && this.#loose.blocks.length > 0) {
      for (let i = 0; i < SLICE_BLOCKS; i++) this.#groupBlock(this.#centres)
      return true
    }
    if (this.#count < Math.max(this.#limits.groupedFrom, this.#groupedAt * REGROUP_AT)) return false
    this.#groupedAt = this.#count
    const rows = Int32Array.from(this.#ids.keys()).filter((row) => this.#ids[row] !== 0)
    this.#search = new CentreSearch(this.#codes, rows, Math.round(Math.sqrt(this.#count)))
    return true
  }

  /** The nearest, by inner product. */
  nearest(question: NearestQuestion): NearRows {
    const ids = this.#nearest(question)
    const distances = new Float64Array(ids.length)
    for (const [i, id] of ids.entries()) {
      const product = this.#codes.product((this.#places[id] ?? 0) - 1, question.vector)
      if (product === null) return { ids, distances: null }
      distances[i] = 1 - product
    }
    return { ids, distances }
  }

  #nearest({ vector, kept, maxPhotoId, exceptId, count }: NearestQuestion): Int32Array {
    this.#codes.ask(vector)
    const best = new Best(count)
    let [weighed, compared] = [0, 0]
    const [ids, scales] = [this.#ids, this.#codes.scales]
    const places = kept === null ? null : this.#placesOf(kept)
    if (places !== null) {
      for (const row of places) {
        const id = ids[row] ?? 0
        if (id <= maxPhotoId && id !== exceptId) best.add(id, (this.#codes.scan(row, ROWS_AT_ONCE)[0] ?? 0) * (scales[row] ?? 0))
      }
      return best.take()
    }
    const weighBlocks = (blocks: readonly number[]) => {
      for (let at = 0; at < blocks.length; ) {
        const start = blocks[at] ?? 0
        let run = 1
        while (run < RUN && blocks[at + run] === start + run) run++
        at += run
        const [first, rows] = [start * BLOCK, run * BLOCK]
        const products = this.#codes.scan(first, rows)
        compared += rows
        for (let i = 0; i < rows; i++) {
          const id = ids[first + i] ?? 0
          // empty places of a block have no id
          if (id === 0 || id > maxPhotoId || id === exceptId) continue
          if (kept !== null && ((kept[id >>> 5] ?? 0) & (1 << (id & 31))) === 0) continue
          weighed++
          const score = (products[i] ?? 0) * (scales[first + i] ?? 0)
          if (score > best.floor) best.add(id, score)
        }
      }
    }
    weighBlocks(this.#loose.blocks)
    if (!this.#centres) return best.take()
    // what is met among the rows that wait for their group is not by where it is near
    weighed = compared = 0
    for (const group of this.#centres.rank(vector)) {
      weighBlocks(this.#groups[group]?.blocks ?? [])
      // where a filter keeps a tenth the nearest lie farther: three times as many are looked at, a third as many of them kept
      if (weighed * compared >= this.#limits.probed ** 2) break
    }
    return best.take()
  }

  /** The rows of a small set; null for a large one. */
  #placesOf(kept: Uint32Array): number[] | null {
    const places: number[] = []
    const limit = this.#count / SPARSE
    for (const [i, word] of kept.entries())
      for (let bits = word; bits !== 0; bits &= bits - 1) {
        const place = this.#places[i * 32 + 31 - Math.clz32(bits & -bits)] ?? 0
        if (place > 0 && places.push(place - 1) > limit) return null
      }
    return places
  }

  /** The last block without a group: its rows go each to theirs. */
  #groupBlock(centres: Centres): void {
    const block = this.#loose.blocks.pop()
    if (block === undefined) return
    if (this.#loose.open === block) this.#loose.open = -1
    const rows = this.#filled[block] ?? 0
    for (let row = block * BLOCK; row < block * BLOCK + rows; row++) {
      const to = this.#place(this.#ids[row] ?? 0, centres.nearestTo(this.#codes, row))
      this.#codes.copy(to, this.#codes, row)
    }
    this.#release(block)
  }

  /** A place for a photo that has none. @returns the row, to be written */
  #append(id: number, group: number): number {
    if (id >= this.#places.length) this.#places = grown(this.#places, Math.ceil((id + 1) * 1.25))
    this.#count++
    return this.#place(id, group)
  }

  #place(id: number, group: number): number {
    const own = this.#groups[group] ?? this.#loose
    if (own.open === -1) {
      own.open = this.#free.pop() ?? this.#addBlock()
      this.#groupOf[own.open] = group
      own.blocks.push(own.open)
    }
    const block = own.open
    const filled = this.#filled[block] ?? 0
    const row = block * BLOCK + filled
    this.#filled[block] = filled + 1
    if (filled + 1 === BLOCK) own.open = -1
    this.#ids[row] = id
    this.#places[id] = row + 1
    return row
  }

  /** The block’s last row takes the free place. */
  #remove(id: number): void {
    const row = (this.#places[id] ?? 0) - 1
    if (row < 0) return
    this.#count--
    this.#places[id] = 0
    const block = Math.floor(row / BLOCK)
    const filled = (this.#filled[block] ?? 0) - 1
    const last = block * BLOCK + filled
    if (last !== row) {
      const moved = this.#ids[last] ?? 0
      this.#codes.copy(row, this.#codes, last)
      this.#ids[row] = moved
      this.#places[moved] = row + 1
    }
    this.#ids[last] = 0
    this.#filled[block] = filled
    const own = this.#groups[this.#groupOf[block] ?? -1] ?? this.#loose
    if (filled > 0) {
      if (own.open === -1) own.open = block
      return
    }
    own.blocks.splice(own.blocks.indexOf(block), 1)
    if (own.open === block) own.open = -1
    this.#release(block)
  }

  #release(block: number): void {
    this.#ids.fill(0, block * BLOCK, (block + 1) * BLOCK)
    this.#filled[block] = 0
    this.#free.push(block)
  }

  #addBlock(): number {
    const block = this.#filled.push(0) - 1
    const rows = (block + 1) * BLOCK
    this.#codes.reserve(rows)
    if (this.#ids.length < rows) this.#ids = grown(this.#ids, Math.ceil(rows * 1.25))
    return block
  }
}

/** The `count` best of all that are added. */
class Best {
  readonly #count: number
  /** what is added must be more */
  floor = Number.NEGATIVE_INFINITY
  #held: { readonly id: number; readonly score: number }[] = []

  constructor(count: number) {
    this.#count = count
  }

  add(id: number, score: number): void {
    if (score <= this.floor) return
    this.#held.push({ id, score })
    if (this.#held.length < this.#count * 4) return
    this.#sort()
    this.floor = this.#held.at(-1)?.score ?? this.floor
  }

  take(): Int32Array {
    this.#sort()
    return Int32Array.from(this.#held, ({ id }) => id)
  }

  #sort(): void {
    this.#held.sort((a, b) => b.score - a.score)
    this.#held.length = Math.min(this.#held.length, this.#count)
  }
}

function grown(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length)
  to.set(from)
  return to
}
