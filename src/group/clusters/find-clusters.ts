/** @file Topics among vectors: communities of the neighbour graph; what belongs nowhere clearly stays out (noise). Pure. */
import { findCommunities, makeGraph } from './communities.ts'
import { findNeighbours } from './neighbour-graph.ts'
import { dot } from './principal-axes.ts'

/** Axes that neighbours are looked for along. */
export const AXES = 64
const NEIGHBOURS = 12
/** Chosen by `npm run eval -- clusters`. */
const RESOLUTION = 1
/** Smaller groups are no topic. */
const MIN_PHOTOS = 4
/** A photo whose similarity to the middle of its cluster lies below belongs there no more than elsewhere (0 is the library’s mean). */
const MIN_SIMILARITY = 0.2

export interface Clustering {
  /** [n] number of the cluster, from 0, the largest first; −1: none */
  readonly labels: Int32Array
  /** [n] similarity to the middle of its cluster, −1 … 1 */
  readonly similarities: Float32Array
  readonly count: number
}

/** @param vectors [n, width] of unit length around the mean (`project`) */
export function findClusters(vectors: Float32Array, width: number, resolution = RESOLUTION): Clustering {
  const n = width === 0 ? 0 : vectors.length / width
  const k = Math.min(NEIGHBOURS, n - 1)
  const none = { labels: new Int32Array(n).fill(-1), similarities: new Float32Array(n), count: 0 }
  if (k < 1) return none
  const { ids, similarities } = findNeighbours(vectors, width, k)
  const from = Int32Array.from(ids, (_, e) => Math.floor(e / k))
  // neighbours of each other count twice, those less like than chance not at all
  const weights = Float64Array.from(similarities, (similarity, e) =>
    (ids[e] as number) < 0 || similarity <= 0 ? 0 : similarity * similarity,
  )
  const communities = findCommunities(
    makeGraph(
      n,
      from,
      Int32Array.from(ids, (id) => Math.max(0, id)),
      weights,
    ),
    resolution,
  )
  return settle(vectors, width, communities)
}

/** Leaves out what is far from the middle, then what is too small, and numbers the rest by size. */
function settle(vectors: Float32Array, width: number, communities: Int32Array): Clustering {
  const n = communities.length
  const count = communities.reduce((most, label) => Math.max(most, label + 1), 0)
  const middles = new Float32Array(count * width)
  for (let i = 0; i < n; i++) {
    const at = (communities[i] as number) * width
    for (let axis = 0; axis < width; axis++) middles[at + axis] = (middles[at + axis] as number) + (vectors[i * width + axis] as number)
  }
  for (let c = 0; c < count; c++) {
    const length = Math.sqrt(dot(middles, c * width, middles, c * width, width))
    if (length > 0) for (let axis = 0; axis < width; axis++) middles[c * width + axis] = (middles[c * width + axis] as number) / length
  }
  const similarities = Float32Array.from({ length: n }, (_, i) =>
    dot(vectors, i * width, middles, (communities[i] as number) * width, width),
  )
  const sizes = new Int32Array(count)
  for (let i = 0; i < n; i++)
    if ((similarities[i] as number) >= MIN_SIMILARITY) sizes[communities[i] as number] = (sizes[communities[i] as number] as number) + 1
  const order = [...sizes.keys()]
    .filter((c) => (sizes[c] as number) >= MIN_PHOTOS)
    .sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b)
  const names = new Map(order.map((c, index) => [c, index]))
  const labels = communities.map((c, i) => ((similarities[i] as number) >= MIN_SIMILARITY ? (names.get(c) ?? -1) : -1))
  return { labels, similarities, count: order.length }
}
