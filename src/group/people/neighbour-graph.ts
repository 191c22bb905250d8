/** @file The neighbour graph of faces: for each its nearest others within a distance, kept as two flat tables. Pure. */

/** Row `i` holds up to `k` neighbours of face `i`, nearest first; unused places hold −1. */
export interface NeighbourGraph {
  readonly k: number
  /** [n × k] */
  readonly neighbours: Int32Array
  /** [n × k] squared Euclidean distance */
  readonly squares: Float32Array
}

export function makeGraph(count: number, k: number): NeighbourGraph {
  return { k, neighbours: new Int32Array(count * k).fill(-1), squares: new Float32Array(count * k).fill(Number.POSITIVE_INFINITY) }
}

/** Puts a neighbour where it belongs in the row, if it is nearer than the last one there. */
export function offer({ k, neighbours, squares }: NeighbourGraph, face: number, neighbour: number, square: number): void {
  const first = face * k
  let at = first + k - 1
  if (square >= (squares[at] ?? 0)) return
  for (; at > first && (squares[at - 1] ?? 0) > square; at--) {
    squares[at] = squares[at - 1] ?? 0
    neighbours[at] = neighbours[at - 1] ?? -1
  }
  squares[at] = square
  neighbours[at] = neighbour
}

/** Calls `visit` for each neighbour of the face, nearest first. */
export function eachNeighbour(
  { k, neighbours, squares }: NeighbourGraph,
  face: number,
  visit: (other: number, square: number) => void,
): void {
  for (let at = face * k; at < (face + 1) * k; at++) {
    const other = neighbours[at] ?? -1
    if (other < 0) return
    visit(other, squares[at] ?? 0)
  }
}
