/** @file Pieces of a text around the words a hit was found by, for a person to see why. Pure. */
import type { MatchReason } from '../contract/search.ts'

export type Snippet = MatchReason['snippets'][number]

/** Letters before the first word and after the last, and in all: two lines on a phone. */
const BEFORE = 30
const LENGTH = 110

/** @param words as they stand in the text; null where none of them does */
export function makeSnippet(where: Snippet['where'], text: string, words: readonly string[]): Snippet | null {
  const flat = text.replace(/\s+/g, ' ').trim()
  const pattern = wordPattern(words)
  const first = pattern === null ? -1 : flat.search(pattern)
  if (pattern === null || first < 0) return null
  const start = first <= BEFORE ? 0 : flat.lastIndexOf(' ', first - BEFORE) + 1
  const far = Math.min(flat.length, start + LENGTH)
  const blank = flat.lastIndexOf(' ', far)
  const end = far === flat.length || blank <= first ? far : blank
  const parts = splitAt(flat.slice(start, end), pattern)
  return { where, parts: [...(start > 0 ? [plain('… ')] : []), ...parts, ...(end < flat.length ? [plain(' …')] : [])] }
}

const plain = (text: string) => ({ text, is_match: false })

function splitAt(text: string, pattern: RegExp): Snippet['parts'] {
  const parts: Snippet['parts'] = []
  let end = 0
  for (const match of text.matchAll(new RegExp(pattern, 'gu'))) {
    if (match.index > end) parts.push(plain(text.slice(end, match.index)))
    parts.push({ text: match[0], is_match: true })
    end = match.index + match[0].length
  }
  return end < text.length ? [...parts, plain(text.slice(end))] : parts
}

/** Whole words, the longest first; words of scripts without spaces wherever they stand. */
function wordPattern(words: readonly string[]): RegExp | null {
  const own = words.filter((word) => word !== '').sort((a, b) => b.length - a.length)
  if (own.length === 0) return null
  const alternatives = own.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replace(/\s+/g, '[^\\p{L}\\p{N}]+'))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'u')
}
