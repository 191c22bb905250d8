/**
 * @file The language of a text that was read in a picture, offline: the one door to `eld`. Short texts and names have none: nothing is said
 * then. Its list is read at the first question (1.6 MB); a question takes less than a millisecond.
 */

/** Who says it, kept beside what was said. Another list or rule is a new name: what the old one said is then looked up again. */
export const LANGUAGE_SOURCE = 'eld-2.1.0-small/1'

export interface FoundLanguage {
  /** ISO 639-1 */
  readonly language: string
  /** eld’s score, 0–1: how usual the text’s pieces are in the language. No probability */
  readonly score: number
}

/** Below it a sign is as often a name. */
const MIN_LETTERS = 12
/** Related languages lie close together: the first must lead the second by this part of its score. */
const MIN_LEAD = 0.1
/** More than this tells no more. */
const MAX_CHARACTERS = 2000

export async function findLanguage(text: string): Promise<FoundLanguage | null> {
  const words = text.slice(0, MAX_CHARACTERS).replace(/\s+/g, ' ')
  if ((words.match(/\p{L}/gu)?.length ?? 0) < MIN_LETTERS) return null
  const { eld } = await import('eld/small')
  const said = eld.detect(words)
  const [first = 0, second = 0] = Object.values(said.getScores()).toSorted((a, b) => b - a)
  return said.language !== '' && said.isReliable() && first - second >= MIN_LEAD * first ? { language: said.language, score: first } : null
}
