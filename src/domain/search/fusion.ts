/** @file Reciprocal rank fusion: several ranked lists become one. */

/** The constant of the described system (and of the paper); it keeps one first place from beating two good places. */
export const RRF_K = 60

export interface Ranked {
  readonly id: number
  /** 1 is the best; equal ranks are allowed */
  readonly rank: number
  /** how much of the list’s weight counts for it, 0 to 1; 1 without it */
  readonly share?: number
}

export interface Fused {
  readonly id: number
  /** Σ weight · share / (60 + rank) over the lists that hold it */
  readonly score: number
}

export interface WeightedList {
  readonly weight: number
  readonly ranks: readonly Ranked[]
}

/** Best first; equal scores by id, newest (highest) first, so that the order is the same every time. */
export function fuseRanks(lists: readonly WeightedList[], k = RRF_K): Fused[] {
  const scores = new Map<number, number>()
  for (const { weight, ranks } of lists)
    for (const { id, rank, share = 1 } of ranks) scores.set(id, (scores.get(id) ?? 0) + (weight * share) / (k + rank))
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score || b.id - a.id)
}
