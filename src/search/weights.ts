/** @file What each list weighs when lists are fused: measured by `npm run eval -- retrieval`, never guessed (ADR 39). */
import type { MatchReason } from '../contract/search.ts'

export type ListWeights = Readonly<Record<MatchReason['list'], number>>

/**
 * A place counts weight / (60 + rank); meaning is the unit. Over 724 questions of seven kinds, each kind counting the same, nDCG@10 is .76,
 * with equal weights .746. Both halves of the questions choose 2 for words and .25 for likeness; the others matter little.
 */
export const LIST_WEIGHTS: ListWeights = { named: 2, keyword: 2, semantic: 1, described: 0.5, similar: 0.25, combined: 2 }

/**
 * What the picture weighs against the words where both become one vector; the words weigh the rest of 1. nDCG@10 of that list alone at
 * 0 / .2 / .3 / .4 / .5 / 1, mean of two halves: .46 / .53 / .54 / .53 / .50 / .19.
 */
export const PICTURE_SHARE = 0.3
