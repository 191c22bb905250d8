/** @file The nearest neighbours of every vector: exactly for a few, within the nearest cells for many. Pure. */
import { dot } from './principal-axes.ts'

export interface Neighbours {
  /** [n, k]; −1 where there are fewer */
  readonly ids: Int32Array
  /** [n, k] inner products, best first */
  readonly similarities: Float32Array
  readonly k: number
}

/** Up to here all pairs are compared: 4,000 × 4,000 × 64 products take about a second. */
const EXACT_UP_TO = 4000
/** Cells looked into for each vector: more find more of the true neighbours and take longer. Chosen, not measured. */
const PROBES = 4
const CELL_ROUNDS = 4

/** @param vectors [n, width] of unit length */
export function findNeighbours(vectors: Float32Array, width: number, k: number): Neighbours {
  const n = vectors.length / width
  const found = { ids: new Int32Array(n * k).fill(-1), similarities: new Float32Array(n * k).fill(-2), k }
  if (n <= EXACT_UP_TO) {
    const all = Int32Array.from({ length: n }, (_, i) => i)
    for (let i = 0; i < n; i++) lookInto(found, i, all, vectors, width)
    return found
  }
  const { centres, members } = makeCells(vectors, width, Math.round(Math.sqrt(n)))
  const cells = members.length
  for (let i = 0; i < n; i++) {
    const near = nearestCells(vectors, i, centres, cells, width, PROBES)
    for (const cell of near) lookInto(found, i, members[cell] as Int32Array, vectors, width)
  }
  return found
}

function lookInto(found: Neighbours, i: number, candidates: Int32Array, vectors: Float32Array, width: number): void {
  const { ids, similarities, k } = found
  const [first, last] = [i * k, i * k + k - 1]
  for (const j of candidates) {
    if (j === i) continue
    const similarity = dot(vectors, i * width, vectors, j * width, width)
    if (similarity <= (similarities[last] as number)) continue
    let at = last
    while (at > first && (similarities[at - 1] as number) < similarity) {
      similarities[at] = similarities[at - 1] as number
      ids[at] = ids[at - 1] as number
      at--
    }
    similarities[at] = similarity
    ids[at] = j
  }
}

function nearestCells(vectors: Float32Array, i: number, centres: Float32Array, cells: number, width: number, count: number): number[] {
  const best: { cell: number; similarity: number }[] = []
  for (let cell = 0; cell < cells; cell++) {
    const similarity = dot(vectors, i * width, centres, cell * width, width)
    if (best.length === count && similarity <= (best[count - 1]?.similarity ?? 0)) continue
    best.push({ cell, similarity })
    best.sort((a, b) => b.similarity - a.similarity)
    if (best.length > count) best.pop()
  }
  return best.map(({ cell }) => cell)
}

/** Spherical k-means, begun with vectors spread over the list; a few rounds are enough for cells. */
function makeCells(vectors: Float32Array, width: number, wanted: number): { centres: Float32Array; members: Int32Array[] } {
  const n = vectors.length / width
  const centres = new Float32Array(wanted * width)
  for (let cell = 0; cell < wanted; cell++) {
    const from = Math.floor((cell * n) / wanted) * width
    centres.set(vectors.subarray(from, from + width), cell * width)
  }
  const cellOf = new Int32Array(n)
  // a part is enough to move the centres; the last round places all
  const step = Math.max(1, Math.floor(n / (wanted * 40)))
  for (let round = 0; round <= CELL_ROUNDS; round++) {
    const isLast = round === CELL_ROUNDS
    const sums = new Float32Array(wanted * width)
    for (let i = isLast ? 0 : round % step; i < n; i += isLast ? 1 : step) {
      const cell = nearestCells(vectors, i, centres, wanted, width, 1)[0] ?? 0
      cellOf[i] = cell
      for (let at = 0; at < width; at++) sums[cell * width + at] = (sums[cell * width + at] as number) + (vectors[i * width + at] as number)
    }
    if (isLast) break
    for (let cell = 0; cell < wanted; cell++) {
      const length = Math.sqrt(dot(sums, cell * width, sums, cell * width, width))
      if (length > 0) for (let at = 0; at < width; at++) centres[cell * width + at] = (sums[cell * width + at] as number) / length
    }
  }
  const sizes = new Int32Array(wanted)
  for (const cell of cellOf) sizes[cell] = (sizes[cell] ?? 0) + 1
  const members = Array.from(sizes, (size) => new Int32Array(size))
  const filled = new Int32Array(wanted)
  for (let i = 0; i < n; i++) {
    const cell = cellOf[i] as number
    const at = filled[cell] as number
    filled[cell] = at + 1
    const list = members[cell] as Int32Array
    list[at] = i
  }
  return { centres, members }
}
