/**
 * @file Joins faces to clusters from the bottom up: always the two nearest clusters, as long as the mean distance between all their
 * faces stays below a limit. Only clusters that touch in the neighbour graph are looked at. Pure.
 *
 * Average linkage instead of labels that spread (Chinese whispers): one face between two people joins one of them, never both to one.
 * Mean squared distances come from sums, so no pair of faces is looked at twice: E|a − b|² = E|a|² + E|b|² − 2 E[a]·E[b].
 */
import { eachNeighbour, type NeighbourGraph } from './neighbour-graph.ts'

export interface Agglomeration {
  readonly width: number
  /** [n × width] */
  readonly vectors: Float32Array
  readonly graph: NeighbourGraph
  /** what to begin with: faces by index, each in one group at most; faces in none are left out */
  readonly groups: readonly (readonly number[])[]
  /** mean squared distance up to which two clusters are one */
  readonly limit: number
  /** by face: the photo it is in. Two faces of one photo are two people */
  readonly photos: Int32Array
}

interface Cluster {
  readonly sum: Float32Array
  /** sum of squared lengths */
  squares: number
  faces: number[]
  photos: Set<number>
  touching: Set<number>
  version: number
}

/** @returns all groups there are at the end, each in order of its faces */
export function agglomerate(input: Agglomeration): number[][] {
  const clusters = new Map<number, Cluster>(input.groups.map((faces, id) => [id, makeCluster(input, faces)]))
  const groupOf = new Int32Array(input.photos.length).fill(-1)
  for (const [id, { faces }] of clusters) for (const face of faces) groupOf[face] = id
  for (const [id, cluster] of clusters)
    for (const face of cluster.faces)
      eachNeighbour(input.graph, face, (other, square) => {
        const otherId = groupOf[other] ?? -1
        if (otherId < 0 || otherId === id || square > input.limit) return
        cluster.touching.add(otherId)
        clusters.get(otherId)?.touching.add(id)
      })

  const queue = new Queue()
  const propose = (a: number, b: number) => {
    const [one, two] = [clusters.get(a), clusters.get(b)]
    if (!one || !two) return
    const square = meanSquare(one, two)
    if (square <= input.limit) queue.push({ square, a, b, versions: one.version + two.version })
  }
  for (const [id, cluster] of clusters) for (const other of cluster.touching) if (id < other) propose(id, other)

  for (let next = queue.pop(); next; next = queue.pop()) {
    const [a, b] = [clusters.get(next.a), clusters.get(next.b)]
    // versions only grow: the sum is the same only where both are as they were
    if (!a || !b || a.version + b.version !== next.versions) continue
    if (areSeenTogether(a.photos, b.photos)) {
      a.touching.delete(next.b)
      b.touching.delete(next.a)
      continue
    }
    const [kept, gone, keptId, goneId] = a.faces.length >= b.faces.length ? [a, b, next.a, next.b] : [b, a, next.b, next.a]
    absorb(kept, gone)
    clusters.delete(goneId)
    for (const id of gone.touching) {
      const other = clusters.get(id)
      other?.touching.delete(goneId)
      if (!other || id === keptId) continue
      kept.touching.add(id)
      other.touching.add(keptId)
    }
    kept.touching.delete(goneId)
    for (const id of kept.touching) propose(keptId, id)
  }
  return [...clusters.values()].map(({ faces }) => faces.sort((x, y) => x - y))
}

function makeCluster({ width, vectors, photos }: Agglomeration, faces: readonly number[]): Cluster {
  const sum = new Float32Array(width)
  let squares = 0
  for (const face of faces)
    for (let i = 0; i < width; i++) {
      const value = vectors[face * width + i] ?? 0
      sum[i] = (sum[i] ?? 0) + value
      squares += value * value
    }
  return { sum, squares, faces: [...faces], photos: new Set(faces.map((face) => photos[face] ?? -1)), touching: new Set(), version: 0 }
}

function meanSquare(a: Cluster, b: Cluster): number {
  const [n, m] = [a.faces.length, b.faces.length]
  return a.squares / n + b.squares / m - (2 * dot(a.sum, b.sum)) / (n * m)
}

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0)
  return total
}

/** Mirrors and collages show one person twice in a photo; a cluster of many photos may hold a few of those. */
const SHARED_PHOTOS = 0.1

/** Whether photos show one of each: then they are two people. */
export function areSeenTogether(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a]
  let shared = 0
  for (const photo of few) if (many.has(photo)) shared++
  return shared > few.size * SHARED_PHOTOS
}

function absorb(kept: Cluster, gone: Cluster): void {
  for (let i = 0; i < kept.sum.length; i++) kept.sum[i] = (kept.sum[i] ?? 0) + (gone.sum[i] ?? 0)
  kept.squares += gone.squares
  for (const face of gone.faces) kept.faces.push(face)
  for (const photo of gone.photos) kept.photos.add(photo)
  kept.version += gone.version + 1
}

interface Proposal {
  readonly square: number
  readonly a: number
  readonly b: number
  readonly versions: number
}

/** A binary heap, nearest first; equal distances in order of faces, so that a run can be repeated. */
class Queue {
  readonly #items: Proposal[] = []

  push(item: Proposal): void {
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent]
      if (!above || !isBefore(item, above)) break
      items[at] = above
      at = parent
    }
    items[at] = item
  }

  pop(): Proposal | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (!first || !last || items.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const [left, right] = [items[child], items[child + 1]]
      if (left && right && isBefore(right, left)) child++
      const below = items[child]
      if (!below || !isBefore(below, last)) break
      items[at] = below
      at = child
    }
    items[at] = last
    return first
  }
}

function isBefore(x: Proposal, y: Proposal): boolean {
  if (x.square !== y.square) return x.square < y.square
  return x.a !== y.a ? x.a < y.a : x.b < y.b
}
