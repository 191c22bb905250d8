/** @file The directions in which vectors differ most (principal axes), by orthogonal iteration on their covariance. Pure. */

/** Rounds of the iteration: afterwards the subspace moves no more than what neighbours notice. */
const ROUNDS = 12

export interface Axes {
  /** [width] what is taken off before */
  readonly mean: Float32Array
  /** [count, width] orthonormal rows */
  readonly rows: Float32Array
  readonly count: number
  readonly width: number
}

/**
 * @param sample [n, width] row by row; n of about 3,000 is enough
 * @param wanted axes; fewer where the width is smaller
 */
export function findAxes(sample: Float32Array, width: number, wanted: number): Axes {
  const n = sample.length / width
  const count = Math.min(wanted, width)
  const mean = new Float32Array(width)
  for (let i = 0; i < sample.length; i++) mean[i % width] = (mean[i % width] ?? 0) + (sample[i] ?? 0) / n
  const centred = Float32Array.from(sample, (value, i) => value - (mean[i % width] ?? 0))
  // a fixed beginning, so that the same photos give the same axes
  const rows = Float32Array.from({ length: count * width }, (_, i) => Math.sin(i * 12.9898 + 78.233))
  const projected = new Float32Array(n * count)
  for (let round = 0; round < ROUNDS; round++) {
    orthonormalise(rows, count, width)
    for (let i = 0; i < n; i++)
      for (let axis = 0; axis < count; axis++) projected[i * count + axis] = dot(centred, i * width, rows, axis * width, width)
    rows.fill(0)
    for (let i = 0; i < n; i++)
      for (let axis = 0; axis < count; axis++) {
        const weight = projected[i * count + axis] ?? 0
        for (let at = 0; at < width; at++)
          rows[axis * width + at] = (rows[axis * width + at] ?? 0) + weight * (centred[i * width + at] ?? 0)
      }
  }
  orthonormalise(rows, count, width)
  return { mean, rows, count, width }
}

/** The vector along the axes, of unit length, into `to` at `offset`. */
export function project({ mean, rows, count, width }: Axes, vector: Float32Array, to: Float32Array, offset: number): void {
  const centred = new Float32Array(width)
  for (let at = 0; at < width; at++) centred[at] = (vector[at] ?? 0) - (mean[at] ?? 0)
  let length = 0
  for (let axis = 0; axis < count; axis++) {
    const value = dot(centred, 0, rows, axis * width, width)
    to[offset + axis] = value
    length += value * value
  }
  const scale = length > 0 ? 1 / Math.sqrt(length) : 0
  for (let axis = 0; axis < count; axis++) to[offset + axis] = (to[offset + axis] ?? 0) * scale
}

export function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, width: number): number {
  let sum = 0
  for (let i = 0; i < width; i++) sum += (a[atA + i] as number) * (b[atB + i] as number)
  return sum
}

/** Modified Gram–Schmidt; a row that is a mix of those before becomes zero. */
function orthonormalise(rows: Float32Array, count: number, width: number): void {
  for (let axis = 0; axis < count; axis++) {
    for (let before = 0; before < axis; before++) {
      const share = dot(rows, axis * width, rows, before * width, width)
      for (let at = 0; at < width; at++) rows[axis * width + at] = (rows[axis * width + at] ?? 0) - share * (rows[before * width + at] ?? 0)
    }
    const length = Math.sqrt(dot(rows, axis * width, rows, axis * width, width))
    const scale = length > 1e-12 ? 1 / length : 0
    for (let at = 0; at < width; at++) rows[axis * width + at] = (rows[axis * width + at] ?? 0) * scale
  }
}
