/** @file Why a hit is there, in words. Pure. */
import type { MatchReason, NearWord } from '../../../src/contract/search.ts'

const PLACES: Record<MatchReason['where'][number], string> = {
  text: 'text in the picture',
  tag: 'tag',
  broader: 'what a tag is a kind of',
  person: 'person',
  filename: 'file name',
  description: 'description',
  metadata: 'metadata',
}

const NEAR_IN = {
  named: 'called just so',
  semantic: 'near in meaning',
  described: 'description near in meaning',
  similar: 'looks alike',
  combined: 'like the picture and the words',
} as const

/** Why a word stands in for the one that was typed. */
const STANDS_IN: Record<NearWord['how'], (typed: string) => string> = {
  part: (typed) => `holds “${typed}”`,
  translation: (typed) => `is the English for “${typed}”`,
  synonym: (typed) => `means the same as “${typed}”`,
  broader: (typed) => `“${typed}” is a kind of it`,
}

/** `No exact match for “automobile”; showing “car”.` */
export function describeNear(near: readonly NearWord[]): string {
  const quote = (words: readonly string[]) =>
    [...new Set(words)]
      .slice(0, 4)
      .map((word) => `“${word}”`)
      .join(', ')
  if (near.every(({ how }) => how === 'translation'))
    return `Showing ${quote(near.map(({ found }) => found))} for ${quote(near.map(({ typed }) => typed))}.`
  return `No exact match for ${quote(near.map(({ typed }) => typed))}; showing ${quote(near.map(({ found }) => found))}.`
}

/** One short line per reason: `“mango” in text in the picture`, `near in meaning (0.71)`. */
export function explainMatch(reason: MatchReason): string {
  if (reason.list === 'keyword') {
    const where = reason.where.map((place) => PLACES[place]).join(', ')
    const near = reason.near
      .slice(0, 2)
      .map((word) => `; ${STANDS_IN[word.how](word.typed)}`)
      .join('')
    const words = reason.words.slice(0, 4).map((word) => `“${word}”`)
    if (reason.words.length > 4) words.push('…')
    if (words.length === 0) return where === '' ? 'words' : `word in ${where}`
    return `${words.join(', ')}${where === '' ? '' : ` in ${where}`}${near}`
  }
  const what = NEAR_IN[reason.list]
  return reason.cosine_distance === null ? what : `${what}, distance ${reason.cosine_distance.toFixed(2)}`
}
