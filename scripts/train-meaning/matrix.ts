/** @file Products of matrices on onnxruntime, and the optimiser: what training needs beyond plain loops. One thread. */
import { encodeGraph } from '../../src/models/onnx/encode-graph.ts'
import { InferenceSession, Tensor } from '../../src/models/onnx/onnxruntime.ts'

/** Row by row. */
export interface Matrix {
  readonly data: Float32Array<ArrayBuffer>
  readonly rows: number
  readonly columns: number
}

export const matrix = (rows: number, columns: number, data: Float32Array<ArrayBuffer> = new Float32Array(rows * columns)): Matrix => ({
  data,
  rows,
  columns,
})

/** Which of the two is turned over before: `nt` is a · bᵀ. */
type Kind = 'nn' | 'nt' | 'tn'
export type Multiply = (kind: Kind, a: Matrix, b: Matrix) => Promise<Matrix>

export async function openMultiply(threads = 1): Promise<Multiply> {
  const open = async (kind: Kind) =>
    InferenceSession.create(
      encodeGraph({
        inputs: [
          { name: 'a', type: 'float32', shape: ['p', 'q'] },
          { name: 'b', type: 'float32', shape: ['r', 's'] },
        ],
        outputs: [{ name: 'c', type: 'float32', shape: ['t', 'u'] }],
        weights: [],
        nodes: [
          { op: 'Gemm', inputs: ['a', 'b'], outputs: ['c'], attributes: { transA: Number(kind === 'tn'), transB: Number(kind === 'nt') } },
        ],
      }),
      { executionProviders: ['cpu'], intraOpNumThreads: threads, logSeverityLevel: 3 },
    )
  const sessions = { nn: await open('nn'), nt: await open('nt'), tn: await open('tn') }
  return async (kind, a, b) => {
    const { c } = await sessions[kind].run({
      a: new Tensor('float32', a.data, [a.rows, a.columns]),
      b: new Tensor('float32', b.data, [b.rows, b.columns]),
    })
    const [rows = 0, columns = 0] = c?.dims ?? []
    return matrix(rows, columns, c?.data as Float32Array<ArrayBuffer>)
  }
}

/** Rows at unit length; `norms` are what they were divided by. */
export function normaliseRows({ data, rows, columns }: Matrix): { readonly unit: Matrix; readonly norms: Float32Array } {
  const unit = matrix(rows, columns)
  const norms = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += (data[i] ?? 0) ** 2
    const norm = Math.sqrt(sum) + 1e-9
    norms[row] = norm
    for (let i = row * columns; i < (row + 1) * columns; i++) unit.data[i] = (data[i] ?? 0) / norm
  }
  return { unit, norms }
}

/** From the gradient at the unit rows to the gradient at the rows before. Writes into `gradient`. */
export function unnormalise(gradient: Matrix, unit: Matrix, norms: Float32Array): void {
  const { data, rows, columns } = gradient
  for (let row = 0; row < rows; row++) {
    const from = row * columns
    let dot = 0
    for (let i = from; i < from + columns; i++) dot += (data[i] ?? 0) * (unit.data[i] ?? 0)
    const norm = norms[row] ?? 1
    for (let i = from; i < from + columns; i++) data[i] = ((data[i] ?? 0) - dot * (unit.data[i] ?? 0)) / norm
  }
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8]

/** A parameter with AdamW’s moments (Loshchilov and Hutter, 2019). */
export class Parameter {
  readonly value: Matrix
  readonly #decay: number
  readonly #first: Float32Array
  readonly #second: Float32Array
  #steps = 0

  constructor(value: Matrix, decay: number) {
    this.value = value
    this.#decay = decay
    this.#first = new Float32Array(value.data.length)
    this.#second = new Float32Array(value.data.length)
  }

  step(gradient: Float32Array, rate: number): void {
    this.#steps++
    const { data } = this.value
    const [c1, c2] = [1 / (1 - BETA1 ** this.#steps), 1 / (1 - BETA2 ** this.#steps)]
    const [first, second, keep] = [this.#first, this.#second, 1 - rate * this.#decay]
    for (let i = 0; i < data.length; i++) {
      const g = gradient[i] as number
      const m = BETA1 * (first[i] as number) + (1 - BETA1) * g
      const v = BETA2 * (second[i] as number) + (1 - BETA2) * g * g
      first[i] = m
      second[i] = v
      data[i] = (data[i] as number) * keep - (rate * m * c1) / (Math.sqrt(v * c2) + EPSILON)
    }
  }
}

/** Numbers that come out the same each time (mulberry32, public domain). */
export class Random {
  #state: number
  constructor(seed: number) {
    this.#state = seed
  }
  /** [0, 1) */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  below(n: number): number {
    return Math.floor(this.next() * n)
  }
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const kept = values[i] as number
      values[i] = values[j] as number
      values[j] = kept
    }
  }
}
