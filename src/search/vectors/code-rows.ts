/**
 * @file Rows of int8 numbers and the question they are compared with, in the kernel’s memory. A row’s largest number becomes 127;
 * what one step of it is worth is kept beside it. The error of a product is about .0006 (unit vectors of width 256 to 768). What was rounded
 * off is kept in a second byte as long as that is not too much: products by both are off by some millionths.
 */
import { makeMemory, openKernel, PAGE_BYTES, ROWS_AT_ONCE, type Scan, STEP, type WasmMemory } from './kernel.ts'

/** The largest question value: with int8 rows of width 2,000 the sum stays below 2^31. */
const MAX_QUESTION = 8191
/** A memory of WebAssembly grows in place up to what it was made for; only what is used is taken. */
const MAX_PAGES = 2 ** 31 / PAGE_BYTES
/** At least; each time the views on the memory are made anew. */
const GROW_PAGES = 4
/** Parts of a step that the second byte counts. */
const PARTS = 254

export class CodeRows {
  readonly width: number
  /** bytes of a row */
  readonly #stride: number
  readonly #memory: WasmMemory
  readonly #scan: Scan
  /** rows per scan at most */
  readonly #most: number
  /** where products and rows begin in the memory; the question is at 0 */
  readonly #productsAt: number
  readonly #rowsAt: number
  #capacity = 0
  #codes = new Int8Array(0)
  #products = new Int32Array(0)
  #scales = new Float32Array(0)
  /** second bytes, by row; null: beyond `maxFine` */
  #fine: Int8Array | null
  readonly #maxFine: number

  /**
   * @param most rows that are scanned at once
   * @param maxFine bytes for what was rounded off
   */
  constructor(width: number, most: number, maxFine = 0) {
    this.width = width
    this.#maxFine = maxFine
    this.#fine = new Int8Array(0)
    this.#most = Math.ceil(most / ROWS_AT_ONCE) * ROWS_AT_ONCE
    this.#stride = Math.ceil(width / STEP) * STEP
    this.#productsAt = this.#stride * 2
    this.#rowsAt = this.#productsAt + this.#most * 4
    this.#memory = makeMemory(Math.ceil(this.#rowsAt / PAGE_BYTES), MAX_PAGES)
    this.#scan = openKernel(this.#memory)
    this.reserve(ROWS_AT_ONCE)
  }

  /** Makes room for rows below this number. */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return
    // the kernel reads whole groups of rows, so a few more than there are
    const missing = this.#rowsAt + (rows + ROWS_AT_ONCE) * this.#stride - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.max(GROW_PAGES, Math.ceil(missing / PAGE_BYTES)))
    this.#codes = new Int8Array(this.#memory.buffer)
    this.#products = new Int32Array(this.#memory.buffer, this.#productsAt, this.#most)
    if (this.#scales.length < rows) {
      const scales = new Float32Array(Math.ceil(rows * 1.25))
      scales.set(this.#scales)
      this.#scales = scales
    }
    this.#fine = this.#growFine(rows)
    this.#capacity = rows
  }

  write(row: number, vector: Float32Array): void {
    const scale = largest(vector) / 127 || 1
    this.#scales[row] = scale
    const start = this.#rowsAt + row * this.#stride
    const fine = this.#fine
    for (let at = 0; at < this.width; at++) {
      const value = (vector[at] ?? 0) / scale
      const code = Math.round(value)
      this.#codes[start + at] = code
      if (fine) fine[row * this.width + at] = Math.round((value - code) * PARTS)
    }
  }

  /** The product of a row and a vector by both bytes; null where only one is kept. */
  product(row: number, vector: Float32Array): number | null {
    const [codes, fine, width] = [this.#codes, this.#fine, this.width]
    if (fine === null) return null
    const [start, startFine] = [this.#rowsAt + row * this.#stride, row * width]
    let sum = 0
    for (let at = 0; at < width; at++)
      sum += ((codes[start + at] as number) + (fine[startFine + at] as number) / PARTS) * (vector[at] as number)
    return sum * (this.#scales[row] ?? 0)
  }

  /** @param from where the row is taken; may be these rows themselves */
  copy(row: number, from: CodeRows, other: number): void {
    const start = this.#rowsAt + row * this.#stride
    if (from === this) this.#codes.copyWithin(start, this.#rowsAt + other * this.#stride, this.#rowsAt + (other + 1) * this.#stride)
    else this.#codes.set(from.#row(other), start)
    if (this.#fine && from.#fine) this.#fine.set(from.#fine.subarray(other * this.width, (other + 1) * this.width), row * this.width)
    this.#scales[row] = from.#scales[other] ?? 0
  }

  /** Adds a row to a sum of vectors. */
  addTo(sum: Float32Array, row: number): void {
    const scale = this.#scales[row] ?? 0
    const start = this.#rowsAt + row * this.#stride
    for (let at = 0; at < this.width; at++) sum[at] = (sum[at] ?? 0) + (this.#codes[start + at] ?? 0) * scale
  }

  /** What the rows are compared with from now on. */
  ask(vector: Float32Array): void {
    const question = this.#question()
    const scale = largest(vector) / MAX_QUESTION || 1
    for (let at = 0; at < this.width; at++) question[at] = Math.round((vector[at] ?? 0) / scale)
  }

  /** The question is another row. */
  askRow(from: CodeRows, row: number): void {
    this.#question().set(from.#row(row))
  }

  /**
   * Compares rows with the question. @param count at most the `most` of the constructor
   * @returns products by row, in steps of the row’s scale and of a size that is the question’s own; good until the next call
   */
  scan(first: number, count: number): Int32Array {
    const filled = Math.ceil(count / ROWS_AT_ONCE) * ROWS_AT_ONCE
    this.#scan(0, this.#rowsAt + first * this.#stride, this.#stride, filled, this.#productsAt)
    return this.#products
  }

  /** By row: what a step of its numbers is worth; good until rows are reserved. */
  get scales(): Float32Array {
    return this.#scales
  }

  #growFine(rows: number): Int8Array | null {
    const bytes = rows * this.width
    if (this.#fine === null || bytes > this.#maxFine) return null
    if (bytes <= this.#fine.length) return this.#fine
    const fine = new Int8Array(Math.min(this.#maxFine, Math.ceil(bytes * 1.25)))
    fine.set(this.#fine)
    return fine
  }

  #question(): Int16Array {
    return new Int16Array(this.#memory.buffer, 0, this.#stride).fill(0)
  }

  #row(row: number): Int8Array {
    const start = this.#rowsAt + row * this.#stride
    return this.#codes.subarray(start, start + this.#stride)
  }
}

function largest(vector: Float32Array): number {
  let most = 0
  for (const value of vector) if (Math.abs(value) > most) most = Math.abs(value)
  return most
}
