/** @file Non-maximum suppression: of boxes that overlap, the surest stays. Pure. */
import { type Box, boxOverlap } from '../../domain/geometry.ts'

/** @param above overlap (intersection over union) beyond which two boxes are the same thing. @returns surest first */
export function suppressOverlaps<T extends { readonly box: Box; readonly score: number }>(found: readonly T[], above: number): T[] {
  const kept: T[] = []
  for (const candidate of [...found].sort((a, b) => b.score - a.score))
    if (!kept.some(({ box }) => boxOverlap(box, candidate.box) > above)) kept.push(candidate)
  return kept
}
