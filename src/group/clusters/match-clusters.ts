/** @file Which new cluster is which old one, by the photos they share: ids and names stay while most photos stay. Pure. */

export interface OldCluster {
  readonly id: number
  /** a person named, merged or hid it: it is never taken apart, and what mostly lies in it joins it */
  readonly isKept: boolean
}

/**
 * @param labels new cluster of each photo, −1: none
 * @param before old cluster of each photo, null: none
 * @returns for each new cluster the old one it goes on as, or null for one that is new
 */
export function matchClusters(
  labels: ArrayLike<number>,
  before: readonly (number | null)[],
  count: number,
  old: readonly OldCluster[],
): (number | null)[] {
  const shared = new Map<string, number>()
  const oldSizes = new Map<number, number>()
  const newSizes = new Array<number>(count).fill(0)
  for (const [i, id] of before.entries()) {
    const label = labels[i] ?? -1
    if (label >= 0) newSizes[label] = (newSizes[label] ?? 0) + 1
    if (id === null) continue
    oldSizes.set(id, (oldSizes.get(id) ?? 0) + 1)
    if (label >= 0) shared.set(`${label} ${id}`, (shared.get(`${label} ${id}`) ?? 0) + 1)
  }
  const kept = new Set(old.filter(({ isKept }) => isKept).map(({ id }) => id))
  const matched = new Array<number | null>(count).fill(null)
  const taken = new Set<number>()
  const pairs = [...shared].map(([key, photos]) => {
    const [label, id] = key.split(' ').map(Number) as [number, number]
    return { label, id, photos }
  })
  pairs.sort((a, b) => b.photos - a.photos || a.label - b.label || a.id - b.id)
  for (const { label, id, photos } of pairs) {
    if (matched[label] !== null || !old.some((one) => one.id === id)) continue
    const isMostOfNew = photos * 2 > (newSizes[label] ?? 0)
    if (kept.has(id) && isMostOfNew) matched[label] = id
    else if (!taken.has(id) && (isMostOfNew || photos * 2 > (oldSizes.get(id) ?? 0))) matched[label] = id
    if (matched[label] === id) taken.add(id)
  }
  return matched
}
