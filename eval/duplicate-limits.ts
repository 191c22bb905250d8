/** @file Chooses how near is near in a space, on pairs whose truth is known. Each rule says what it would rather lose. */

export interface JudgedPair {
  readonly distance: number
  readonly isRight: boolean
}

const STEP = 0.01
const MOST = 0.4
/** Of pairs of unlike pictures so many may be called similar: at 100,000 photos that is one for each. */
const SIMILAR_FALSE = 1e-5
/** Of pairs of unlike pictures of one kind so many may pass for shots of one moment: time and camera have spoken already. */
const BURST_FALSE = 0.005

const LIMITS = Array.from({ length: Math.round(MOST / STEP) }, (_, i) => Math.round((i + 1) * STEP * 100) / 100)

export interface Score {
  readonly precision: number
  readonly recall: number
}

/** @param total right pairs there are, found or not */
export function scoreAt(pairs: readonly JudgedPair[], limit: number, total: number): Score {
  const found = pairs.filter(({ distance }) => distance <= limit)
  const right = found.filter(({ isRight }) => isRight).length
  return { precision: found.length === 0 ? 1 : right / found.length, recall: total === 0 ? 1 : right / total }
}

/** Best F1; of equals the strictest. */
export function chooseEdited(pairs: readonly JudgedPair[], total: number): number {
  const f1 = ({ precision, recall }: Score) => (2 * precision * recall) / Math.max(precision + recall, 1e-9)
  return best(LIMITS, (limit) => f1(scoreAt(pairs, limit, total)))
}

/** @param unlike distances of pictures of different kinds */
export const chooseSimilar = (unlike: readonly number[]): number => findWidest(unlike, SIMILAR_FALSE)
/** @param unlike distances of different pictures of one kind */
export const chooseBurst = (unlike: readonly number[]): number => findWidest(unlike, BURST_FALSE)

/** The widest limit that lets no greater share pass. */
function findWidest(unlike: readonly number[], share: number): number {
  const passing = (limit: number) => unlike.filter((distance) => distance <= limit).length / unlike.length
  return LIMITS.findLast((limit) => passing(limit) <= share) ?? STEP
}

function best(limits: readonly number[], score: (limit: number) => number): number {
  let [chosen, highest] = [limits[0] ?? STEP, -1]
  for (const limit of limits) {
    const value = score(limit)
    if (value > highest + 1e-9) [chosen, highest] = [limit, value]
  }
  return chosen
}
