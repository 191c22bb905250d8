/** @file Stages 3 and 4 of a search: candidate lists are fused into one order, and the long tail is cut off. Pure. */
import type { MatchReason, NearWord } from '../contract/search.ts'
import { fuseRanks, type WeightedList } from '../domain/search/fusion.ts'
import { IdSet } from '../domain/search/id-set.ts'
import type { MeantWord } from './store-keyword.ts'
import { LIST_WEIGHTS, type ListWeights } from './weights.ts'

export interface Candidate {
  readonly id: number
  /** 1 − cosine; null for keyword candidates */
  readonly distance: number | null
  /** how sure it is that the photo is what was asked for, 0 to 1; a place without it counts in full */
  readonly evidence?: number
}

/** One way of looking; best first. */
export interface CandidateList {
  readonly list: MatchReason['list']
  readonly hits: readonly Candidate[]
  /** distance above which a hit of this list alone is no hit; null as long as none was measured for the space */
  readonly cutOff: number | null
  /** a photo is so or it is not: all of them have the first place */
  readonly isEqual?: boolean
  /** of the weight of its kind, what this one is worth; default 1 */
  readonly worth?: number
}

/** What the candidate stage found. */
export interface Candidates {
  readonly lists: readonly CandidateList[]
  /** keyword matches beyond those that were ranked: shown after all others, newest first */
  readonly rest: Int32Array
  readonly ran: readonly MatchReason['list'][]
  readonly space: string | null
  readonly notices: readonly string[]
  /** words looked for in place of those typed; `isExact`: some photo holds the words as typed; `meant`: what unknown words may be slips of */
  readonly near: { readonly words: readonly NearWord[]; readonly isExact: boolean; readonly meant: readonly MeantWord[] }
  readonly maxPhotoId: number
  /** it says something of this moment (a server does not answer, a count is some seconds old) that no change in the database ends */
  readonly isPassing: boolean
}

interface Place {
  readonly list: MatchReason['list']
  readonly rank: number
  readonly distance: number | null
}

export interface RankedHit {
  readonly id: number
  readonly score: number
  readonly places: readonly Place[]
}

export interface Ranking extends Omit<Candidates, 'lists'> {
  readonly hits: readonly RankedHit[]
  /** what was left out for its distance; null where no list has a limit */
  readonly cutOff: { readonly distance: number; readonly hidden: number } | null
}

/** Reciprocal rank fusion; every hit keeps its place in each list. */
export function fuseCandidates({ lists, ...rest }: Candidates, weights: ListWeights = LIST_WEIGHTS): Ranking {
  const places = new Map<number, Place[]>()
  for (const own of lists)
    for (const [i, { id, distance }] of own.hits.entries()) {
      const place = { list: own.list, rank: rankOf(own, i), distance }
      const known = places.get(id)
      if (known) known.push(place)
      else places.set(id, [place])
    }
  const fused = fuseRanks(lists.flatMap((list) => weighPlaces(list, weights[list.list] * (list.worth ?? 1))))
  return { ...rest, cutOff: null, hits: fused.map(({ id, score }) => ({ id, score, places: places.get(id) ?? [] })) }
}

const rankOf = ({ isEqual }: CandidateList, i: number): number => (isEqual === true ? 1 : i + 1)

/**
 * A list by distance goes on after the last photo that has to do with the question: places beyond its cut-off count next to nothing, just
 * enough to keep their order where nothing else tells (`all`). Measured: nDCG@10 .75; where they counted in full, at the best weights, .71 (ADR 39).
 */
const BEYOND = 1e-3

/**
 * How much of its list’s weight a place counts: its evidence to this power. A list whose words stand in texts by chance, or that only holds
 * parts of words, does not outweigh one that is sure. Mean average precision of labelled things at 0 / .25 / .5 / 1: .701 / .702 / .686 /
 * .622 (`npm run eval -- ranking`): what an uncertain tag says is still more than what the nearest vectors say.
 */
const EVIDENCE_POWER = 0.25

function weighPlaces(list: CandidateList, weight: number): WeightedList[] {
  const { hits, cutOff } = list
  const ranks = hits.map(({ id, evidence = 1 }, i) => ({ id, rank: rankOf(list, i), share: evidence ** EVIDENCE_POWER }))
  if (cutOff === null) return [{ weight, ranks }]
  const isNear = (_: unknown, i: number) => (hits[i]?.distance ?? 0) <= cutOff
  return [
    { weight, ranks: ranks.filter(isNear) },
    { weight: weight * BEYOND, ranks: ranks.filter((rank, i) => !isNear(rank, i)) },
  ]
}

/**
 * Drops hits that only a list by distance holds, beyond what means anything in its space.
 * @param isWanted false keeps them and only says where the limit lies
 */
export function cutOff(ranking: Ranking, lists: readonly CandidateList[], isWanted: boolean): Ranking {
  const limits = new Map(lists.flatMap(({ list, cutOff }) => (cutOff === null ? [] : [[list, cutOff] as const])))
  const [distance] = limits.values()
  if (distance === undefined) return ranking
  const isNear = (place: Place) => place.distance === null || place.distance <= (limits.get(place.list) ?? Number.POSITIVE_INFINITY)
  const hits = isWanted ? ranking.hits.filter(({ places }) => places.some(isNear)) : ranking.hits
  return { ...ranking, hits, cutOff: { distance, hidden: ranking.hits.length - hits.length } }
}

/** The rest without what other lists have brought among the hits. */
export function trimRest(ranking: Ranking): Ranking {
  if (ranking.rest.length === 0) return ranking
  // as bits: of half a million a `Set` takes 10 ms to ask
  const shown = IdSet.of(ranking.hits.map(({ id }) => id))
  return { ...ranking, rest: ranking.rest.filter((id) => !shown.has(id)) }
}

/** Drops a hit when a better copy of the same picture is a hit too. `pairs`: [worse, better]. */
export function dropCopies(ranking: Ranking, pairs: readonly (readonly [number, number])[]): Ranking {
  const present = new Set(ranking.hits.map(({ id }) => id))
  const worse = new Set(pairs.filter(([, better]) => present.has(better)).map(([id]) => id))
  return { ...ranking, hits: ranking.hits.filter(({ id }) => !worse.has(id)) }
}
