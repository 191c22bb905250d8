/** @file Communities of a weighted graph by the Louvain method (Blondel et al. 2008), with a resolution (Reichardt & Bornholdt). Pure. */

export interface Graph {
  /** [n + 1] where the edges of a node begin */
  readonly starts: Int32Array
  /** the other ends; each edge stands at both */
  readonly targets: Int32Array
  readonly weights: Float64Array
}

const MAX_LEVELS = 10
const MAX_ROUNDS = 20

/** Joins edges that are named twice, and drops those without weight. */
export function makeGraph(n: number, from: ArrayLike<number>, to: ArrayLike<number>, weight: ArrayLike<number>): Graph {
  const joined: Map<number, number>[] = Array.from({ length: n }, () => new Map())
  for (let e = 0; e < from.length; e++) {
    const [a, b, w] = [from[e] as number, to[e] as number, weight[e] as number]
    if (w <= 0) continue
    const ofA = joined[a] as Map<number, number>
    ofA.set(b, (ofA.get(b) ?? 0) + w)
    if (a === b) continue
    const ofB = joined[b] as Map<number, number>
    ofB.set(a, (ofB.get(a) ?? 0) + w)
  }
  const starts = new Int32Array(n + 1)
  for (let i = 0; i < n; i++) starts[i + 1] = (starts[i] as number) + (joined[i] as Map<number, number>).size
  const targets = new Int32Array(starts[n] as number)
  const weights = new Float64Array(targets.length)
  for (let i = 0, at = 0; i < n; i++)
    for (const [target, w] of joined[i] as Map<number, number>) {
      targets[at] = target
      weights[at++] = w
    }
  return { starts, targets, weights }
}

/** @param resolution above 1: more and smaller communities. @returns [n] number of each node’s community, from 0 */
export function findCommunities(graph: Graph, resolution: number): Int32Array {
  let level = graph
  let labels: Int32Array | null = null
  for (let round = 0; round < MAX_LEVELS; round++) {
    const { communities, count } = moveNodes(level, resolution)
    labels = labels === null ? communities : labels.map((label) => communities[label] as number)
    if (count === level.starts.length - 1) break
    level = join(level, communities, count)
  }
  return labels ?? new Int32Array(0)
}

function moveNodes({ starts, targets, weights }: Graph, resolution: number): { communities: Int32Array; count: number } {
  const n = starts.length - 1
  const community = Int32Array.from({ length: n }, (_, i) => i)
  const degree = new Float64Array(n)
  let total = 0
  for (let i = 0; i < n; i++)
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      // an edge to itself stands once and counts at both ends
      const w = (weights[e] as number) * (targets[e] === i ? 2 : 1)
      degree[i] = (degree[i] as number) + w
      total += w
    }
  const sum = degree.slice()
  const links = new Float64Array(n)
  for (let round = 0; round < MAX_ROUNDS && total > 0; round++) {
    let moved = 0
    for (let i = 0; i < n; i++) {
      const own = community[i] as number
      const touched: number[] = []
      for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
        const other = targets[e] as number
        if (other === i) continue
        const c = community[other] as number
        if (links[c] === 0) touched.push(c)
        links[c] = (links[c] as number) + (weights[e] as number)
      }
      sum[own] = (sum[own] as number) - (degree[i] as number)
      const gain = (c: number) => (links[c] as number) - (resolution * (sum[c] as number) * (degree[i] as number)) / total
      let best = own
      let bestGain = gain(own)
      for (const c of touched) {
        const own = gain(c)
        if (own > bestGain + 1e-12) [best, bestGain] = [c, own]
      }
      sum[best] = (sum[best] as number) + (degree[i] as number)
      community[i] = best
      if (best !== own) moved++
      for (const c of touched) links[c] = 0
    }
    if (moved === 0) break
  }
  const names = new Map<number, number>()
  const communities = community.map((c) => {
    const known = names.get(c)
    if (known !== undefined) return known
    names.set(c, names.size)
    return names.size - 1
  })
  return { communities, count: names.size }
}

/** Communities become nodes; what lay within one becomes an edge to itself. */
function join({ starts, targets, weights }: Graph, communities: Int32Array, count: number): Graph {
  const [from, to, weight]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < starts.length - 1; i++)
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const j = targets[e] as number
      if (j < i) continue
      from.push(communities[i] as number)
      to.push(communities[j] as number)
      weight.push(weights[e] as number)
    }
  return makeGraph(count, from, to, weight)
}
