/**
 * @file Vectors of one space as rows of int8, compared with a question one and all. Lives in the scan’s thread; no IO.
 * An error of about .0006 in the distance (width 256 to 768): who asks takes some more than wanted and compares those exactly.
 */
import { makeMemory, openKernel, PAGE_BYTES, ROWS_AT_ONCE, type Scan, STEP, type WasmMemory } from './kernel.ts'

/** Rows per call of the kernel: their products stay in the processor’s first cache. */
const CHUNK = 4096
/** The largest question value: with int8 rows of width 2,000 the sum stays below 2^31. */
const MAX_QUESTION = 8191
/** A memory of WebAssembly grows in place up to what it was made for; only what is used is taken. */
const MAX_PAGES = 2 ** 30 / PAGE_BYTES
/** A set that keeps fewer rows than one in so many is looked up row by row. */
const SPARSE = 16

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

export class RowTable {
  readonly width: number
  /** bytes of a row */
  readonly #stride: number
  readonly #memory: WasmMemory
  readonly #scan: Scan
  /** where products and rows begin in the memory; the question is at 0 */
  readonly #products: number
  readonly #rows: number
  #count = 0
  /** by row: photo id, and what one step of its int8 is worth */
  #ids = new Int32Array(1024)
  #scales = new Float32Array(1024)
  /** by photo id: its row + 1; 0 is none */
  #places = new Int32Array(1024)

  constructor(width: number) {
    this.width = width
    this.#stride = Math.ceil(width / STEP) * STEP
    this.#products = this.#stride * 2
    this.#rows = this.#products + CHUNK * 4
    this.#memory = makeMemory(Math.ceil((this.#rows + ROWS_AT_ONCE * this.#stride) / PAGE_BYTES), MAX_PAGES)
    this.#scan = openKernel(this.#memory)
  }

  get count(): number {
    return this.#count
  }

  /** @param vectors [ids.length × width]; a photo that is there already is replaced */
  put(ids: Int32Array, vectors: Float32Array): void {
    this.#reserve(this.#count + ids.length)
    const codes = new Int8Array(this.#memory.buffer)
    for (const [i, id] of ids.entries()) {
      const row = this.#rowFor(id)
      const vector = vectors.subarray(i * this.width, (i + 1) * this.width)
      const scale = largest(vector) / 127 || 1
      this.#scales[row] = scale
      const start = this.#rows + row * this.#stride
      for (let at = 0; at < this.width; at++) codes[start + at] = Math.round((vector[at] ?? 0) / scale)
    }
  }

  /** Ids that are not there are passed over. The last row takes the free place. */
  remove(ids: Int32Array): void {
    const codes = new Int8Array(this.#memory.buffer)
    for (const id of ids) {
      const row = (this.#places[id] ?? 0) - 1
      if (row < 0) continue
      this.#count--
      const last = this.#ids[this.#count] ?? 0
      const from = this.#rows + this.#count * this.#stride
      codes.copyWithin(this.#rows + row * this.#stride, from, from + this.#stride)
      this.#ids[row] = last
      this.#scales[row] = this.#scales[this.#count] ?? 0
      this.#places[last] = row + 1
      this.#places[id] = 0
    }
  }

  /** The ids of the nearest, by inner product, best first. */
  nearest({ vector, kept, maxPhotoId, exceptId, count }: NearestQuestion): Int32Array {
    this.#writeQuestion(vector)
    const best = new Best(count)
    const products = new Int32Array(this.#memory.buffer, this.#products, CHUNK)
    const weigh = (row: number, product: number) => {
      const id = this.#ids[row] ?? 0
      if (id > maxPhotoId || id === exceptId) return
      best.add(id, product * (this.#scales[row] ?? 0))
    }
    const places = kept === null ? null : this.#placesOf(kept)
    if (places !== null) {
      for (const row of places) {
        this.#scan(0, this.#rows + row * this.#stride, this.#stride, ROWS_AT_ONCE, this.#products)
        weigh(row, products[0] ?? 0)
      }
      return best.take()
    }
    for (let start = 0; start < this.#count; start += CHUNK) {
      const rows = Math.min(CHUNK, this.#count - start)
      const filled = Math.ceil(rows / ROWS_AT_ONCE) * ROWS_AT_ONCE
      this.#scan(0, this.#rows + start * this.#stride, this.#stride, filled, this.#products)
      for (let i = 0; i < rows; i++) {
        const id = this.#ids[start + i] ?? 0
        if (kept === null || ((kept[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0) weigh(start + i, products[i] ?? 0)
      }
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

  #writeQuestion(vector: Float32Array): void {
    const question = new Int16Array(this.#memory.buffer, 0, this.#stride).fill(0)
    const scale = largest(vector) / MAX_QUESTION || 1
    for (let at = 0; at < this.width; at++) question[at] = Math.round((vector[at] ?? 0) / scale)
  }

  #rowFor(id: number): number {
    if (id >= this.#places.length) this.#places = grown(this.#places, new Int32Array(Math.ceil((id + 1) * 1.25)))
    const place = this.#places[id] ?? 0
    if (place > 0) return place - 1
    const row = this.#count++
    if (row >= this.#ids.length) {
      this.#ids = grown(this.#ids, new Int32Array(Math.ceil((row + 1) * 1.25)))
      this.#scales = grown(this.#scales, new Float32Array(this.#ids.length))
    }
    this.#ids[row] = id
    this.#places[id] = row + 1
    return row
  }

  /** The kernel reads whole groups of rows, so a few more than there are. */
  #reserve(rows: number): void {
    const missing = this.#rows + (rows + 2 * ROWS_AT_ONCE) * this.#stride - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
  }
}

/** The `count` best of all that are added. */
class Best {
  readonly #count: number
  #floor = Number.NEGATIVE_INFINITY
  #held: { readonly id: number; readonly score: number }[] = []

  constructor(count: number) {
    this.#count = count
  }

  add(id: number, score: number): void {
    if (score <= this.#floor) return
    this.#held.push({ id, score })
    if (this.#held.length < this.#count * 4) return
    this.#sort()
    this.#floor = this.#held.at(-1)?.score ?? this.#floor
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

function largest(vector: Float32Array): number {
  let most = 0
  for (const value of vector) if (Math.abs(value) > most) most = Math.abs(value)
  return most
}

function grown<T extends Int32Array | Float32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
