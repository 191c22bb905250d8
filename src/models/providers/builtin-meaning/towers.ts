/**
 * @file The two towers of the built-in text–image space, in the calling thread: a picture is one product of a vector and a matrix (some
 * 0.3 million multiplications), a question the sum of its words’ vectors.
 *
 * A vector is [trained numbers, classes of the detector, rest]. The classes find what the captions of the training pictures rarely say;
 * the rest brings all pictures to one length without changing the order of what a question finds (Bachrach et al. 2014).
 */
import { FototecaError } from '../../../domain/errors.ts'
import type { Heads } from './heads.ts'
import { isPlainWord, listForms, splitWords } from './words.ts'

/** Standard deviations a number of a picture may lie off: far ones are accidents. */
const FARTHEST = 6
/** Classes add at most this much to the square of a picture’s length: what is more is drawn in. */
const MAX_CLASSES = 1

export const widthOf = ({ width, classes }: Heads): number => width + classes + 1

/**
 * @param features [heads.features] as the detector’s pass gives them
 * @param peaks [classes] the highest score of each class, 0–1
 * @returns [widthOf] of unit length
 */
export function embedFeatures(heads: Heads, features: Float32Array, peaks: Float32Array): Float32Array {
  const { width, classes, mean, scale, image, bias } = heads
  if (features.length !== heads.features)
    throw new FototecaError('model_failed', `the detector gave ${features.length} numbers of a picture; these heads take ${heads.features}`)
  const trained = Float64Array.from(bias)
  for (let i = 0; i < features.length; i++) {
    const value = ((features[i] as number) - (mean[i] as number)) * (scale[i] as number)
    const bounded = Math.min(FARTHEST, Math.max(-FARTHEST, value))
    const row = i * width
    for (let k = 0; k < width; k++) trained[k] = (trained[k] as number) + bounded * (image[row + k] as number)
  }
  const vector = new Float32Array(widthOf(heads))
  const norm = Math.hypot(...trained)
  for (let k = 0; k < width; k++) vector[k] = (trained[k] as number) / norm
  const seen = Float64Array.from({ length: classes }, (_, k) =>
    Math.max(0, ((peaks[k] ?? 0) - heads.class_floor) / (1 - heads.class_floor)),
  )
  const own = heads.class_weight * seen.reduce((sum, value) => sum + value * value, 0)
  const shrink = own > MAX_CLASSES ? Math.sqrt(MAX_CLASSES / own) : 1
  for (let k = 0; k < classes; k++) vector[width + k] = Math.sqrt(heads.class_weight) * (seen[k] as number) * shrink
  vector[width + classes] = Math.sqrt(MAX_CLASSES - Math.min(own, MAX_CLASSES))
  const length = Math.sqrt(1 + MAX_CLASSES)
  return vector.map((value) => value / length)
}

export interface ReadText {
  /** [widthOf] of unit length; null where no word is known that says something */
  readonly vector: Float32Array | null
  /** words that were left out, as `splitWords` gives them */
  readonly unknown: readonly string[]
}

export type TextReader = (text: string) => ReadText

export function createTextReader(heads: Heads): TextReader {
  const { width, wordVectors, wordScales } = heads
  const rows = new Map(heads.words.map((word, row) => [word, row]))
  const classesOf = new Map(Object.entries(heads.class_words))
  const findForm = (word: string): string | undefined => listForms(word).find((form) => rows.has(form) || classesOf.has(form))
  return (text) => {
    const words = splitWords(text)
    const unknown: string[] = []
    const vector = new Float32Array(widthOf(heads))
    const classes = new Set<number>()
    let isTelling = false
    for (const [index, word] of words.entries()) {
      const form = findForm(word)
      const pairs = [words[index - 1], words[index + 1]].map((other, after) =>
        other === undefined ? '' : after ? `${word} ${other}` : `${other} ${word}`,
      )
      const pair = pairs.find((own) => classesOf.has(own))
      if (form === undefined && pair === undefined) {
        if (!isPlainWord(word) && !unknown.includes(word)) unknown.push(word)
        continue
      }
      if (!isPlainWord(word)) isTelling = true
      const row = form === undefined ? undefined : rows.get(form)
      if (row !== undefined)
        for (let k = 0; k < width; k++)
          vector[k] = (vector[k] as number) + (wordVectors[row * width + k] as number) * (wordScales[row] as number)
      // a hot dog is no dog
      for (const one of classesOf.get(pair ?? form ?? '') ?? []) classes.add(one)
    }
    if (!isTelling) return { vector: null, unknown }
    const norm = Math.hypot(...vector)
    if (norm > 0) for (let k = 0; k < width; k++) vector[k] = (vector[k] as number) / norm
    for (const one of classes) vector[width + one] = Math.sqrt(heads.class_weight / classes.size)
    const length = Math.hypot(...vector)
    return { vector: length > 0 ? vector.map((value) => value / length) : null, unknown }
  }
}
