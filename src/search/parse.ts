/** @file Stage 1 of a search: what a person typed becomes terms. Pure; nothing typed here ever becomes SQL or tsquery text unescaped. */
import { PHOTO_FORMATS } from '../contract/words.ts'
import { bigrams, isUnspaced, splitWords } from '../domain/search/words.ts'

export interface Term {
  /** as typed, without quotes and minus */
  readonly text: string
  /** alternatives; each is a run of words that stand side by side */
  readonly runs: readonly (readonly string[])[]
  /** quoted: exactly these words, no other forms, no second chance */
  readonly isQuoted: boolean
  /** the word still being typed: what begins with it counts too */
  readonly isPrefix: boolean
  /** `dog OR cat`: any of these is as good */
  readonly others?: readonly Term[]
}

export interface SearchWords {
  /** all of them must be there (as far as they say anything) */
  readonly include: readonly Term[]
  /** none of them may be there */
  readonly exclude: readonly Term[]
  /** what brings a photo where none has all: each word without quotes, those of a file name together, an ending of files only where nothing else is asked */
  readonly pieces: readonly (readonly Term[])[]
  /** what is asked by meaning: the text without quotes and without what is excluded */
  readonly plain: string
}

/** A query has 500 characters; more terms than this are pasted text, of which the first ones decide. */
const MAX_TERMS = 32
/** Shorter beginnings match half the library. */
const MIN_PREFIX = 2

/** So many words: no photo is expected to hold them all, and no field makes one of them surer. */
export const isSentence = (terms: readonly Term[]): boolean => terms.length > 5

const CHUNK = /(?<![^\s])(-?)(?:"([^"]*)"?|(\S+))/gu
const DAY = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/

/** Every file has one: asked alone beside other words it would bring the whole library. */
const ENDINGS: ReadonlySet<string> = new Set([...PHOTO_FORMATS, 'jpg', 'tif', 'heif'])
/** Typed in one piece, with an underscore or an ending: `IMG_2030`, `beach-house.jpg`. */
const FILE_NAME = new RegExp(`_|\\.(?:${[...ENDINGS].join('|')})$`, 'iu')

export function parseWords(q: string): SearchWords {
  const include: Term[] = []
  const exclude: Term[] = []
  const pieces: Term[][] = []
  const plain: string[] = []
  const text = q.replace(/[“”„«»「」『』]/gu, '"')
  const matches = [...text.matchAll(CHUNK)]
  for (const [i, match] of matches.entries()) {
    const [, minus, quoted, bare] = match
    const shown = quoted ?? bare ?? ''
    const isLast = match.index + match[0].length === text.length
    if (isOr(matches, i)) {
      plain.push('or')
      continue
    }
    if (isOr(matches, i - 1)) {
      plain.push(shown)
      const [term] = makeTerms(shown, isLast)
      const before = include.pop()
      if (!term || !before) continue
      const either = { ...before, others: [...(before.others ?? []), term] }
      include.push(either)
      pieces.splice(-1, 1, [either])
      continue
    }
    if (minus) exclude.push(...makeRun(shown, true))
    else {
      plain.push(shown)
      if (quoted !== undefined) include.push(...makeRun(shown, true))
      else {
        const terms = makeTerms(shown, isLast)
        include.push(...terms)
        pieces.push(...(FILE_NAME.test(shown) ? [terms] : terms.map((term) => [term])))
      }
    }
  }
  return {
    include: include.slice(0, MAX_TERMS),
    exclude: exclude.slice(0, MAX_TERMS),
    pieces: leaveEndings(pieces.filter((terms) => terms.length > 0)).slice(0, MAX_TERMS),
    plain: plain.join(' ').replace(/["\0]/g, ' ').trim(),
  }
}

/** Between two plain words. */
function isOr(matches: readonly RegExpExecArray[], at: number): boolean {
  const isWord = (match: RegExpExecArray | undefined) =>
    match?.[1] === '' && match[3] !== undefined && makeTerms(match[3], false).length === 1
  return matches[at]?.[0] === 'OR' && isWord(matches[at - 1]) && isWord(matches[at + 1])
}

function leaveEndings(pieces: readonly Term[][]): readonly Term[][] {
  const others = pieces.filter((terms) => terms.some(({ runs: [run = []] }) => !ENDINGS.has(run[0] ?? '')))
  return others.length > 0 ? others : pieces
}

/** A bare chunk: each of its words is a term of its own; a day is one term in either writing. */
function makeTerms(text: string, isLast: boolean): Term[] {
  const day = DAY.exec(text)
  if (day) {
    const parts = day.slice(1).filter((part) => part !== undefined)
    return [{ text, runs: [[parts.join('')], parts], isQuoted: false, isPrefix: false }]
  }
  const words = splitWords(text)
  return words.map(({ word, raw }, i) => ({
    text: raw,
    runs: [isUnspaced(word) ? bigrams(word) : [word]],
    isQuoted: false,
    isPrefix: isPrefix(word, isLast && i === words.length - 1),
  }))
}

/** A single character of an unspaced script is always a beginning: documents hold its bigrams. */
function isPrefix(word: string, isLast: boolean): boolean {
  const letters = [...word].length
  return isUnspaced(word) ? letters === 1 : isLast && letters >= MIN_PREFIX
}

/** Words that must stand side by side. */
function makeRun(text: string, isQuoted: boolean): Term[] {
  const words = splitWords(text)
  if (words.length === 0) return []
  const run = words.flatMap(({ word }, i) => {
    if (!isUnspaced(word)) return [word]
    // between words a document holds the last character alone too (see `documentWords`)
    return i < words.length - 1 && [...word].length > 1 ? [...bigrams(word), [...word].at(-1) ?? ''] : bigrams(word)
  })
  const only = words.length === 1 ? (words[0]?.word ?? '') : ''
  return [{ text, runs: [run], isQuoted, isPrefix: isUnspaced(only) && [...only].length === 1 }]
}
