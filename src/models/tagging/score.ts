/**
 * @file From cosines to tags. A cosine alone says little: some photos are near to every word, some words near to every photo.
 * So each photo's cosines are measured against those to the whole starting list (T-norm: Auckenthaler, Carey and Lloyd-Thomas,
 * Digital Signal Processing 10, 2000), and each word's score against its median over the library. How it does: `eval/tags.ts`.
 */

/** Enough for the page, and few enough that a photo the model cannot read is not flooded. */
const MAX_TAGS = 10
/** Words that are near to every photo of a library may simply be on most of them: they are held back by this much at most. */
const MAX_USUAL = 1
/** Photos a median must come from before it counts fully: with fewer it is drawn towards none. */
const PRIOR_PHOTOS = 32

export interface ScoredTag {
  /** index of the word */
  readonly word: number
  /** standard deviations above the photo's mean, less what is usual for the word */
  readonly score: number
}

/** Turns one row of cosines into scores in place: deviations from the mean over the first `cohort` words. */
export function normaliseRow(row: Float32Array, cohort: number): void {
  let sum = 0
  let squares = 0
  for (let index = 0; index < cohort; index++) {
    const value = row[index] ?? 0
    sum += value
    squares += value * value
  }
  const mean = sum / cohort
  const deviation = Math.sqrt(Math.max(squares / cohort - mean * mean, 1e-12))
  for (let index = 0; index < row.length; index++) row[index] = ((row[index] ?? 0) - mean) / deviation
}

/**
 * What is usual for each word: the median of its scores over a sample of photos, drawn towards 0 while the sample is small.
 * @param scores [photos × words] rows of scores
 */
export function measureUsual(scores: readonly Float32Array[], words: number): Float32Array {
  const usual = new Float32Array(words)
  const column = new Float32Array(scores.length)
  for (let word = 0; word < words; word++) {
    for (const [photo, row] of scores.entries()) column[photo] = row[word] ?? 0
    column.sort()
    const median = column[column.length >> 1] ?? 0
    const drawn = (median * scores.length) / (scores.length + PRIOR_PHOTOS)
    usual[word] = Math.max(-MAX_USUAL, Math.min(MAX_USUAL, drawn))
  }
  return usual
}

/**
 * Score from which a tag is said: so high that of `words` words of no meaning one would pass per photo if scores were normal.
 * 3.5 for the starting list.
 */
export function marginFor(words: number): number {
  const tail = 1 / Math.max(words, 2)
  let low = 0
  let high = 10
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2
    if (upperTail(middle) > tail) low = middle
    else high = middle
  }
  return low
}

/** Best first. @param usual per word; NaN: not to be said (another cohort word, or removed by the user) */
export function chooseTags(row: Float32Array, usual: Float32Array, margin: number): ScoredTag[] {
  const found: ScoredTag[] = []
  for (let word = 0; word < row.length; word++) {
    const score = (row[word] ?? 0) - (usual[word] ?? Number.NaN)
    if (score >= margin) found.push({ word, score })
  }
  return found.sort((a, b) => b.score - a.score).slice(0, MAX_TAGS)
}

/** .5 at the margin, .88 two deviations above it. An order and a feeling, not a probability. */
export function toConfidence(score: number, margin: number): number {
  return 1 / (1 + Math.exp(margin - score))
}

/** Share of a standard normal above `x` ≥ 0 (Abramowitz and Stegun 7.1.26, error below 1e-7). */
function upperTail(x: number): number {
  const z = x / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * z)
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return 0.5 * series * Math.exp(-z * z)
}
