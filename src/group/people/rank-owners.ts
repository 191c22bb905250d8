/** @file Which people a face lies near to, by its neighbours. Pure. */
import { eachNeighbour, type NeighbourGraph } from './neighbour-graph.ts'

export interface Owner {
  readonly person: number
  /** mean squared distance to the nearest two of its faces */
  readonly square: number
  /** of the weight of all neighbours that are somebody’s, 0–1 */
  readonly share: number
}

interface Neighbourhood {
  readonly graph: NeighbourGraph
  readonly rejected: ReadonlyMap<number, ReadonlySet<number>>
  readonly limits: { readonly ask: number }
}

/**
 * People with the most weight among the neighbours first. Those the face is not are passed over, as is `own`.
 * @param sizes how many faces each person has: of one with several, one near face is not enough
 */
export function rankOwners(
  { graph, rejected, limits }: Neighbourhood,
  persons: Int32Array,
  sizes: ReadonlyMap<number, number>,
  face: number,
  own = 0,
): Owner[] {
  const not = rejected.get(face)
  const found = new Map<number, { weight: number; squares: number; count: number }>()
  let total = 0
  eachNeighbour(graph, face, (other, square) => {
    const person = persons[other] ?? 0
    if (person === 0 || person === own) return
    const weight = limits.ask - square
    total += weight
    if (not?.has(person)) return
    const entry = found.get(person) ?? { weight: 0, squares: 0, count: 0 }
    entry.weight += weight
    if (entry.count < 2) {
      entry.squares += square
      entry.count++
    }
    found.set(person, entry)
  })
  return [...found]
    .map(([person, { weight, squares, count }]) => {
      const isMissing = count < 2 && (sizes.get(person) ?? 0) > 1
      return { person, square: isMissing ? (squares + limits.ask) / 2 : squares / count, share: total > 0 ? weight / total : 0 }
    })
    .sort((a, b) => b.share - a.share || a.person - b.person)
}
