/** @file What each list weighs when lists are fused: measured by `npm run eval -- retrieval`, never guessed (ADR 39). */
import type { MatchReason } from '../contract/search.ts'

export type ListWeights = Readonly<Record<MatchReason['list'], number>>

/** A place counts weight / (60 + rank). */
export const LIST_WEIGHTS: ListWeights = { keyword: 1, semantic: 1, described: 1, similar: 1, combined: 1 }

/** What the picture weighs against the words where both become one vector; the words weigh the rest of 1. */
export const PICTURE_SHARE = 0.5
