/**
 * @file Pairs of duplicates become sets around a representative. Every member is itself a pair with the representative, so no chain of
 * small differences drags unlike pictures together. Pure; the same pairs give the same sets.
 */
import { DUPLICATE_KINDS, type DuplicateKind } from '../../contract/words.ts'

export interface Pair {
  readonly a: number
  readonly b: number
  readonly kind: DuplicateKind
}

export interface DuplicateSet {
  readonly kind: DuplicateKind
  readonly representative: number
  /** without the representative, ascending */
  readonly members: readonly number[]
}

/**
 * Kind by kind, the nearest first. A photo that became a member (not the representative) of a set stands in no set of a later kind: one
 * decision about it is enough. The best photo becomes the representative first, so that what is not kept is near to what is.
 * @param photos every photo of the pairs, the best first
 */
export function buildSets(pairs: readonly Pair[], photos: readonly number[]): DuplicateSet[] {
  const neighbours = new Map<number, { photo: number; rank: number }[]>()
  const join = (from: number, to: number, rank: number) => {
    const list = neighbours.get(from)
    if (list) list.push({ photo: to, rank })
    else neighbours.set(from, [{ photo: to, rank }])
  }
  for (const { a, b, kind } of pairs) {
    const rank = DUPLICATE_KINDS.indexOf(kind)
    join(a, b, rank)
    join(b, a, rank)
  }
  const absorbed = new Set<number>()
  const sets: DuplicateSet[] = []
  for (const [rank, kind] of DUPLICATE_KINDS.entries()) {
    const taken = new Set<number>()
    for (const representative of photos) {
      if (absorbed.has(representative) || taken.has(representative)) continue
      const members = (neighbours.get(representative) ?? [])
        .filter((near) => near.rank <= rank && !absorbed.has(near.photo) && !taken.has(near.photo))
        .map(({ photo }) => photo)
      if (members.length === 0) continue
      taken.add(representative)
      for (const member of members) taken.add(member)
      sets.push({ kind, representative, members: members.sort((a, b) => a - b) })
    }
    for (const set of sets) if (set.kind === kind) for (const member of set.members) absorbed.add(member)
  }
  return sets
}

export interface StoredSet extends DuplicateSet {
  readonly id: number
}

/**
 * Which stored set each new one goes on as: of the same kind, the same representative first, else the one that shares most photos.
 * @returns for each of `sets` an id, or null for a new one; `gone` are the stored ones that none goes on as
 */
export function matchSets(sets: readonly DuplicateSet[], stored: readonly StoredSet[]): { ids: (number | null)[]; gone: number[] } {
  const free = new Map(stored.map((set) => [set.id, set]))
  const byPhoto = new Map<string, number[]>()
  for (const set of stored)
    for (const photo of [set.representative, ...set.members]) {
      const key = `${set.kind} ${photo}`
      byPhoto.set(key, [...(byPhoto.get(key) ?? []), set.id])
    }
  const ids: (number | null)[] = sets.map((set) => {
    const same = (byPhoto.get(`${set.kind} ${set.representative}`) ?? []).find((id) => free.get(id)?.representative === set.representative)
    if (same !== undefined) free.delete(same)
    return same ?? null
  })
  for (const [i, set] of sets.entries()) {
    if (ids[i] !== null) continue
    const shared = new Map<number, number>()
    for (const photo of [set.representative, ...set.members])
      for (const id of byPhoto.get(`${set.kind} ${photo}`) ?? []) if (free.has(id)) shared.set(id, (shared.get(id) ?? 0) + 1)
    const [best] = [...shared].sort(([idA, a], [idB, b]) => b - a || idA - idB)
    if (!best) continue
    ids[i] = best[0]
    free.delete(best[0])
  }
  return { ids, gone: [...free.keys()] }
}
