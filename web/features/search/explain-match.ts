/** @file Why a hit is there, in words. Pure. */
import type { MatchReason } from '../../../src/contract/search.ts'

const PLACES: Record<MatchReason['where'][number], string> = {
  text: 'text in the picture',
  tag: 'tag',
  broader: 'what a tag is a kind of',
  person: 'person',
  filename: 'file name',
  description: 'description',
  metadata: 'metadata',
}

const NEAR_IN = { semantic: 'near in meaning', described: 'description near in meaning', similar: 'looks alike' } as const

/** One short line per reason: `“mango” in text in the picture`, `near in meaning (0.71)`. */
export function explainMatch(reason: MatchReason): string {
  if (reason.list === 'keyword') {
    const where = reason.where.map((place) => PLACES[place]).join(', ')
    const words = reason.words.slice(0, 4).map((word) => `“${word}”`)
    if (reason.words.length > 4) words.push('…')
    if (words.length === 0) return where === '' ? 'words' : `word in ${where}`
    return where === '' ? words.join(', ') : `${words.join(', ')} in ${where}`
  }
  const what = NEAR_IN[reason.list]
  return reason.cosine_distance === null ? what : `${what}, distance ${reason.cosine_distance.toFixed(2)}`
}
