/** @file Two opinions on a candidate: the detector's score and, where the face is large enough, the face mesh's flag. Pure. */
import { FACES } from './tuning.ts'

/**
 * @param score the detector's, 0–1
 * @param presence the mesh's, 0–1; undefined where the face is too small for it
 * @returns the confidence that this is a face, or null when it is none
 */
export function judgeFace(score: number, presence: number | undefined): number | null {
  const { supported, minScore } = FACES.judge
  if (presence !== undefined && presence >= supported) return Math.max(score, (score + presence) / 2)
  const needed = presence === undefined ? minScore.unseen : minScore.denied
  return score >= needed ? score : null
}
