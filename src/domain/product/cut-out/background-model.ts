/** @file What the background looks like, learnt from the border: a smooth surface per OKLab channel, how noisy, and how plain it is. */

/** A quadratic surface per channel over x, y in −1…1; evaluated by `evaluateBackground`. */
export interface BackgroundModel {
  /** [3 × 6]: constant, x, y, x², xy, y² for L, a, b */
  readonly surface: Float64Array
  /** robust spread of the pixels it was learnt from, OKLab units */
  readonly noise: number
  /** 0–1: share of the border that lies on the surface, less where it is rough */
  readonly plainness: number
}

const TERMS = 6
const MAX_SAMPLES = 6000
/** A studio wall, a lightbox and JPEG noise stay below; fabric and wood do not. */
const SMOOTH_NOISE = 0.012
const ROUGH_NOISE = 0.05
/** Within this a border pixel counts as background whatever the noise: unevenness that no surface of second order follows. */
const INLIER_FLOOR = 0.03

/**
 * @param lab [height × width × 3] OKLab
 * @param isBackground which pixels are known to be background; null: the border, of which some may be product
 */
export function fitBackground(lab: Float32Array, width: number, height: number, isBackground: Uint8Array | null): BackgroundModel {
  const samples = isBackground ? sampleMask(isBackground) : sampleBorder(width, height)
  const positions = samples.map((index) => [((index % width) / width) * 2 - 1, (Math.floor(index / width) / height) * 2 - 1] as const)
  const surface = new Float64Array(3 * TERMS)
  // first the middle of the values, which a product that touches the border cannot move far
  for (let channel = 0; channel < 3; channel++)
    surface[channel * TERMS] = median(Float64Array.from(samples, (index) => lab[index * 3 + channel] ?? 0))
  let residuals = measure(lab, samples, positions, surface)
  for (const terms of [1, 1, 3, 3, 6, 6, 6]) {
    const scale = Math.max(0.004, 1.4826 * median(residuals))
    // Tukey's biweight: what lies far away has no say
    const weights = Float64Array.from(residuals, (r) => (r < 4.7 * scale ? (1 - (r / (4.7 * scale)) ** 2) ** 2 : 0))
    for (let channel = 0; channel < 3; channel++)
      solve(lab, samples, positions, weights, terms, isBackground ? 2e-4 : 0.01, channel, surface)
    residuals = measure(lab, samples, positions, surface)
  }
  const noise = 1.4826 * median(residuals)
  const limit = Math.max(INLIER_FLOOR, 4 * noise)
  const inliers = residuals.filter((r) => r < limit).length / Math.max(1, residuals.length)
  const roughness = Math.min(1, Math.max(0, (noise - SMOOTH_NOISE) / (ROUGH_NOISE - SMOOTH_NOISE)))
  return { surface, noise, plainness: inliers * (1 - roughness) }
}

/** [height × width × 3] OKLab of the surface. */
export function evaluateBackground({ surface }: BackgroundModel, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height * 3)
  const at = (index: number) => surface[index] ?? 0
  let to = 0
  for (let row = 0; row < height; row++) {
    const y = (row / height) * 2 - 1
    for (let column = 0; column < width; column++) {
      const x = (column / width) * 2 - 1
      for (let first = 0; first < 3 * TERMS; first += TERMS)
        out[to++] = at(first) + x * (at(first + 1) + x * at(first + 3) + y * at(first + 4)) + y * (at(first + 2) + y * at(first + 5))
    }
  }
  return out
}

type Position = readonly [x: number, y: number]

function sampleBorder(width: number, height: number): number[] {
  const ring = Math.max(2, Math.round(0.02 * Math.min(width, height)))
  const all: number[] = []
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (y < ring || y >= height - ring || x < ring || x >= width - ring) all.push(y * width + x)
      else x = width - ring - 1
  return thin(all)
}

function sampleMask(mask: Uint8Array): number[] {
  const all: number[] = []
  for (let index = 0; index < mask.length; index += 7) if (mask[index]) all.push(index)
  return thin(all)
}

const thin = (all: number[]): number[] => {
  const step = Math.max(1, Math.ceil(all.length / MAX_SAMPLES))
  return all.filter((_, order) => order % step === 0)
}

function measure(lab: Float32Array, samples: readonly number[], positions: readonly Position[], surface: Float64Array): Float64Array {
  return Float64Array.from(samples, (index, order) => {
    const [x, y] = positions[order] ?? [0, 0]
    let sum = 0
    for (let channel = 0; channel < 3; channel++) {
      let value = 0
      for (let term = 0; term < TERMS; term++) value += (surface[channel * TERMS + term] ?? 0) * basis(term, x, y)
      sum += ((lab[index * 3 + channel] ?? 0) - value) ** 2
    }
    return Math.sqrt(sum)
  })
}

function basis(term: number, x: number, y: number): number {
  switch (term) {
    case 0:
      return 1
    case 1:
      return x
    case 2:
      return y
    case 3:
      return x * x
    case 4:
      return x * y
    default:
      return y * y
  }
}

/** Weighted least squares of the first `terms` terms, curvature held back a little: the border says little of the middle. */
function solve(
  lab: Float32Array,
  samples: readonly number[],
  positions: readonly Position[],
  weights: Float64Array,
  terms: number,
  stiffness: number,
  channel: number,
  surface: Float64Array,
): void {
  const matrix = Array.from({ length: terms }, () => new Float64Array(terms + 1))
  let total = 0
  for (const [order, index] of samples.entries()) {
    const weight = weights[order] ?? 0
    if (weight === 0) continue
    total += weight
    const [x, y] = positions[order] ?? [0, 0]
    const value = lab[index * 3 + channel] ?? 0
    for (let row = 0; row < terms; row++) {
      const line = matrix[row] as Float64Array
      const factor = weight * basis(row, x, y)
      for (let column = 0; column < terms; column++) line[column] = (line[column] ?? 0) + factor * basis(column, x, y)
      line[terms] = (line[terms] ?? 0) + factor * value
    }
  }
  if (total < terms) return
  for (let row = 1; row < terms; row++) {
    const line = matrix[row] as Float64Array
    line[row] = (line[row] ?? 0) + total * (row < 3 ? 1e-6 : stiffness)
  }
  const solution = eliminate(matrix)
  for (let term = 0; term < terms; term++) surface[channel * TERMS + term] = solution[term] ?? 0
}

/** Gauss with pivots on [n × n+1]. */
function eliminate(matrix: Float64Array[]): Float64Array {
  const n = matrix.length
  const cell = (row: number, column: number) => matrix[row]?.[column] ?? 0
  for (let pivot = 0; pivot < n; pivot++) {
    let best = pivot
    for (let row = pivot + 1; row < n; row++) if (Math.abs(cell(row, pivot)) > Math.abs(cell(best, pivot))) best = row
    const swap = matrix[pivot] as Float64Array
    matrix[pivot] = matrix[best] as Float64Array
    matrix[best] = swap
    const divisor = cell(pivot, pivot)
    if (Math.abs(divisor) < 1e-12) continue
    for (let row = 0; row < n; row++) {
      if (row === pivot) continue
      const factor = cell(row, pivot) / divisor
      const line = matrix[row] as Float64Array
      for (let column = pivot; column <= n; column++) line[column] = (line[column] ?? 0) - factor * cell(pivot, column)
    }
  }
  return Float64Array.from({ length: n }, (_, row) => (Math.abs(cell(row, row)) < 1e-12 ? 0 : cell(row, n) / cell(row, row)))
}

function median(values: Float64Array): number {
  if (values.length === 0) return 0
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >> 1] ?? 0
}
