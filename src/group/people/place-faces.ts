/**
 * @file Says whose each face is: near to the faces of one person it is theirs, faces near to each other become a cluster, and the rest
 * stays alone until more come. What persons and files said is never changed, only built on. Pure.
 */
import { agglomerate, areSeenTogether } from './agglomerate.ts'
import type { NeighbourGraph } from './neighbour-graph.ts'
import { type Owner, rankOwners } from './rank-owners.ts'

/** Squared Euclidean distances. */
export interface Limits {
  /** mean over all pairs of two clusters: below they are one */
  readonly cluster: number
  /** mean over the nearest two faces of a person: below a face is theirs */
  readonly join: number
  /** above `join` and below this it is worth a question */
  readonly ask: number
}

export interface FacesToPlace {
  readonly width: number
  /** [n × width] */
  readonly vectors: Float32Array
  readonly photos: Int32Array
  /** good enough to found a cluster */
  readonly isStrong: Uint8Array
  /** id of the person it belongs to; 0: nobody */
  readonly persons: Int32Array
  /** a person or the file said so, or the person is kept: stays */
  readonly isFixed: Uint8Array
  /** by face: people it is not */
  readonly rejected: ReadonlyMap<number, ReadonlySet<number>>
  /** neighbours up to `limits.ask` */
  readonly graph: NeighbourGraph
  readonly limits: Limits
  /** dissolve every cluster that nobody said anything about, and begin anew */
  readonly isAnew: boolean
}

export interface Placing {
  /** [n] id of a person, 0: nobody, below 0: −1 − index of a new cluster */
  readonly persons: Int32Array
  /** how many new clusters there are */
  readonly fresh: number
}

/** A new face needs so much of the weight of its placed neighbours: between two people it stays alone. */
const MIN_SHARE = 0.6
/** Of the faces of a cluster, so many must be near the person it joins. */
const MIN_SUPPORT = 0.5

export function placeFaces(input: FacesToPlace): Placing {
  const count = input.persons.length
  const persons = Int32Array.from(input.persons)
  const former = Int32Array.from(input.persons)
  if (input.isAnew) for (let face = 0; face < count; face++) if (!input.isFixed[face]) persons[face] = 0

  const photosOf = new Map<number, Set<number>>()
  const sizes = new Map<number, number>()
  const put = (face: number, person: number) => {
    persons[face] = person
    sizes.set(person, (sizes.get(person) ?? 0) + 1)
    const photos = photosOf.get(person) ?? new Set()
    photosOf.set(person, photos.add(input.photos[face] ?? -1))
  }
  for (let face = 0; face < count; face++) if (persons[face]) put(face, persons[face] ?? 0)
  const isOpen = (face: number, person: number) =>
    !input.rejected.get(face)?.has(person) && !photosOf.get(person)?.has(input.photos[face] ?? -1)

  const free = [...persons.keys()].filter((face) => persons[face] === 0)
  const strong = free.filter((face) => input.isStrong[face])
  // 1: faces that are plainly somebody’s. Decided of all before any is put, so that the order of faces does not matter
  const kept = new Set([...persons.keys()].filter((face) => input.isFixed[face]).map((face) => persons[face] ?? 0))
  for (const [face, person] of strong.flatMap((face) => {
    const found = findOwner(input, persons, sizes, face)
    return found && kept.has(found.person) && isOpen(face, found.person) ? [[face, found.person] as const] : []
  }))
    if (isOpen(face, person)) put(face, person)

  // 2: clusters, old ones that nobody spoke about among them
  const loose = Map.groupBy(
    [...persons.keys()].filter((face) => (persons[face] ?? 0) > 0 && !input.isFixed[face] && !kept.has(persons[face] ?? 0)),
    (face) => persons[face] ?? 0,
  )
  const alone = strong.filter((face) => persons[face] === 0)
  const groups = agglomerate({
    width: input.width,
    vectors: input.vectors,
    graph: input.graph,
    photos: input.photos,
    limit: input.limits.cluster,
    groups: [...loose.values(), ...alone.map((face) => [face])],
  })

  // 3: largest first, a cluster goes to the person most of its faces are near to, keeps the id most of its faces had, or is new
  for (const [person, group] of loose) {
    for (const face of group) persons[face] = 0
    sizes.delete(person)
    photosOf.delete(person)
  }
  let fresh = 0
  const taken = new Set<number>()
  for (const group of groups.filter((faces) => faces.length > 1).sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))) {
    const owner = findOwnerOfCluster(input, persons, sizes, group)
    const together =
      owner !== null && areSeenTogether(photosOf.get(owner) ?? new Set(), new Set(group.map((face) => input.photos[face] ?? -1)))
    if (owner !== null && !together && group.every((face) => !input.rejected.get(face)?.has(owner))) {
      for (const face of group) put(face, owner)
      continue
    }
    const id = mostCommon(group.map((face) => former[face] ?? 0).filter((id) => id > 0 && !taken.has(id) && !kept.has(id)))
    if (id !== undefined) taken.add(id)
    const person = id ?? -1 - fresh++
    for (const face of group) put(face, person)
  }

  // 4: what founds nothing may still belong to somebody
  for (const [face, person] of free.flatMap((face) => {
    if (persons[face] !== 0) return []
    const found = findOwner(input, persons, sizes, face)
    return found ? [[face, found.person] as const] : []
  }))
    if (isOpen(face, person)) put(face, person)
  return { persons, fresh }
}

/** The person a face is nearest to, if its neighbours agree on one. */
function findOwner(input: FacesToPlace, persons: Int32Array, sizes: ReadonlyMap<number, number>, face: number): Owner | null {
  const [best] = rankOwners(input, persons, sizes, face)
  return best && best.share >= MIN_SHARE && best.square <= input.limits.join ? best : null
}

function findOwnerOfCluster(
  input: FacesToPlace,
  persons: Int32Array,
  sizes: ReadonlyMap<number, number>,
  group: readonly number[],
): number | null {
  const support = new Map<number, number>()
  for (const face of group) {
    const found = findOwner(input, persons, sizes, face)
    if (found) support.set(found.person, (support.get(found.person) ?? 0) + 1)
  }
  let owner: number | null = null
  for (const [person, faces] of support) if (faces > group.length * MIN_SUPPORT && faces > (support.get(owner ?? 0) ?? 0)) owner = person
  return owner
}

function mostCommon(ids: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0]
}
