/**
 * @file Centres of a cloud of vectors: spherical k-means (Dhillon and Modha 2001) over a sample of them, a slice at a time, so that
 * questions get their turn between. Rows near a centre are kept together, and a question looks where they are near (an inverted file).
 */
import { CodeRows } from './code-rows.ts'

/** Of the sample, per centre; faiss advises 39 to 256 and works with fewer. */
const SAMPLE = 32
const ROUNDS = 6
/** Rows of the sample per slice: some 20 ms at a thousand centres of width 256. */
const SLICE = 400

export class Centres {
  readonly #rows: CodeRows
  readonly count: number

  constructor(rows: CodeRows, count: number) {
    this.#rows = rows
    this.count = count
  }

  nearestTo(from: CodeRows, row: number): number {
    this.#rows.askRow(from, row)
    return this.#best()
  }

  nearest(vector: Float32Array): number {
    this.#rows.ask(vector)
    return this.#best()
  }

  /** All, the nearest first. */
  rank(vector: Float32Array): number[] {
    this.#rows.ask(vector)
    const products = this.#rows.scan(0, this.count)
    const { scales } = this.#rows
    const near = Float32Array.from({ length: this.count }, (_, i) => (products[i] ?? 0) * (scales[i] ?? 0))
    return Array.from(near.keys()).sort((a, b) => (near[b] ?? 0) - (near[a] ?? 0))
  }

  #best(): number {
    const products = this.#rows.scan(0, this.count)
    const { scales } = this.#rows
    let [best, most] = [0, Number.NEGATIVE_INFINITY]
    for (let i = 0; i < this.count; i++) {
      const near = (products[i] ?? 0) * (scales[i] ?? 0)
      if (near > most) [best, most] = [i, near]
    }
    return best
  }
}

/** Finds `k` centres of rows. */
export class CentreSearch {
  readonly #k: number
  readonly #width: number
  readonly #sample: CodeRows
  readonly #size: number
  readonly #rows: CodeRows
  #centres: Centres
  #sums: Float32Array
  #at = 0
  #round = 0

  /** @param rowNumbers of all rows in `from`; a sample of them is copied at once, what happens to the rows later is not seen */
  constructor(from: CodeRows, rowNumbers: Int32Array, k: number) {
    this.#k = k
    this.#width = from.width
    this.#size = Math.min(rowNumbers.length, k * SAMPLE)
    this.#sample = new CodeRows(from.width, 4)
    this.#sample.reserve(this.#size)
    for (let i = 0; i < this.#size; i++) this.#sample.copy(i, from, rowNumbers[Math.floor((i * rowNumbers.length) / this.#size)] ?? 0)
    this.#rows = new CodeRows(from.width, k)
    this.#rows.reserve(k)
    for (let i = 0; i < k; i++) this.#rows.copy(i, this.#sample, Math.floor((i * this.#size) / k))
    this.#centres = new Centres(this.#rows, k)
    this.#sums = new Float32Array(k * this.#width)
  }

  /** Does a slice of the work. @returns the centres when they are found */
  next(): Centres | null {
    for (const end = Math.min(this.#size, this.#at + SLICE); this.#at < end; this.#at++) {
      const centre = this.#centres.nearestTo(this.#sample, this.#at)
      this.#sample.addTo(this.#sums.subarray(centre * this.#width, (centre + 1) * this.#width), this.#at)
    }
    if (this.#at < this.#size) return null
    this.#move()
    return ++this.#round < ROUNDS ? null : this.#centres
  }

  /** Each centre goes to the middle of its rows; one without any begins anew at a row. */
  #move(): void {
    for (let i = 0; i < this.#k; i++) {
      const sum = this.#sums.subarray(i * this.#width, (i + 1) * this.#width)
      const length = Math.hypot(...sum)
      if (length > 0)
        this.#rows.write(
          i,
          sum.map((value) => value / length),
        )
      else this.#rows.copy(i, this.#sample, Math.floor(((i * 7919 + this.#round * 104_729) % this.#k) * (this.#size / this.#k)))
    }
    this.#sums = new Float32Array(this.#k * this.#width)
    this.#at = 0
  }
}
