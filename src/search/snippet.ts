/** @file Pieces of a text around the words a hit was found by, for a person to see why. Pure. */
import type { MatchReason } from '../contract/search.ts'
import { WORD } from '../domain/search/words.ts'

export type Snippet = MatchReason['snippets'][number]

/** Letters before the first word and after the last, and in all: two lines on a phone. */
const BEFORE = 30
const LENGTH = 110

/** @param words as they stand in the text, several as one run; null where none of them does */
export function makeSnippet(where: Snippet['where'], text: string, words: readonly string[]): Snippet | null {
  const flat = text.replace(/\s+/g, ' ').trim()
  const spans = findSpans(flat, words)
  const first = spans[0]?.start
  if (first === undefined) return null
  const start = first <= BEFORE ? 0 : flat.lastIndexOf(' ', first - BEFORE) + 1
  const far = Math.min(flat.length, start + LENGTH)
  const blank = flat.lastIndexOf(' ', far)
  const end = far === flat.length || blank <= first ? far : blank
  const parts: Snippet['parts'] = start > 0 ? [plain('… ')] : []
  let at = start
  for (const span of spans.filter((span) => span.end <= end)) {
    if (span.start > at) parts.push(plain(flat.slice(at, span.start)))
    parts.push({ text: flat.slice(span.start, span.end), is_match: true })
    at = span.end
  }
  if (at < end) parts.push(plain(flat.slice(at, end)))
  if (end < flat.length) parts.push(plain(' …'))
  return { where, parts }
}

const plain = (text: string) => ({ text, is_match: false })

/** Where the words stand, whole; of runs that begin alike the longest. Word by word: a pattern of them takes longer to compile than to use. */
function findSpans(text: string, words: readonly string[]): { start: number; end: number }[] {
  const runs = words.map((word) => word.match(WORD) ?? []).sort((a, b) => b.length - a.length)
  const byFirst = Map.groupBy(runs, ([first]) => first)
  const own = [...text.matchAll(WORD)]
  const spans: { start: number; end: number }[] = []
  for (let i = 0; i < own.length; i++) {
    const run = byFirst.get(own[i]?.[0] ?? '')?.find((run) => run.every((word, k) => own[i + k]?.[0] === word))
    const last = run && own[i + run.length - 1]
    if (!last) continue
    spans.push({ start: own[i]?.index ?? 0, end: last.index + last[0].length })
    i += run.length - 1
  }
  return spans
}
