/**
 * @file Settles words that no dictionary knows by what else the recogniser thought possible: “RECEIPI” was nearly “RECEIPT”. Only where the
 * page is in the dictionary's language, and only to readings that the recogniser itself gave a chance; never to another known word.
 */
import type { Timeline, TimelineText, TimelineWord } from './read-timeline.ts'
import type { Tuning } from './tuning.ts'

/** Of each step the classes that have a chance, with their probability. A whole timeline has 6,625 classes: 5 MB a line. */
export type Chances = readonly (readonly (readonly [number, number])[])[]

/** A lower-case word is one that a dictionary knows. */
export type IsWord = (word: string) => boolean

/** Below it a class adds nothing to a reading that could win. */
const MIN_CHANCE = 0.003
/** Readings kept while a word is followed. */
const BEAM = 24
/** Pieces of one word that stray spaces cut apart. */
const MAX_PIECES = 3
const PRINTABLE = /^[\x21-\x7e]+$/

/** What `settleLine` needs of a timeline, small enough to be kept for a whole page. */
export function keepChances({ data, steps, classes }: Timeline): Chances {
  const kept: [number, number][][] = []
  for (let step = 0; step < steps; step++) {
    const row: [number, number][] = []
    for (let c = 0; c < classes; c++) {
      const p = data[step * classes + c] as number
      if (p >= MIN_CHANCE) row.push([c, p])
    }
    kept.push(row)
  }
  return kept
}

/** Of the words of at least four letters in these lines, the share that is known (0–1); 0 without any. */
export function shareKnown(lines: readonly string[], isWord: IsWord): number {
  let [known, all] = [0, 0]
  for (const line of lines)
    for (const [word] of line.matchAll(/[\p{L}\p{M}]{4,}/gu)) {
      all += 1
      if (isWord(word.toLowerCase())) known += 1
    }
  return all === 0 ? 0 : known / all
}

/** How many words of a line no dictionary knows, letters astray among them; 0 for print with accents or in other scripts, which it cannot judge. */
export const countUnknown = (text: string, isWord: IsWord): number =>
  PRINTABLE.test(text.replaceAll(' ', '')) ? listCores(text).filter((core) => !isKnown(core, isWord) || isStray(core)).length : 0

/** @param alphabet characters of class 1, 2, … */
export function settleLine(
  line: TimelineText,
  chances: Chances,
  alphabet: readonly string[],
  isWord: IsWord,
  tuning: Tuning,
): TimelineText {
  const { words } = line
  // where scripts change without a space between, words are not those of the text
  if (line.text.split(' ').length !== words.length) return line
  const settled: TimelineWord[] = []
  for (let i = 0; i < words.length; ) {
    let pieces = MAX_PIECES
    let text: string | null = null
    for (; pieces >= 1 && text === null; pieces--) text = settle(words.slice(i, i + pieces), pieces)
    const length = text === null ? 1 : pieces + 1
    const first = words[i] as TimelineWord
    settled.push({ text: text ?? first.text, from: first.from, to: (words[i + length - 1] as TimelineWord).to })
    i += length
  }
  return { text: settled.map(({ text }) => text).join(' '), confidence: line.confidence, words: settled }

  function settle(pieces: readonly TimelineWord[], wanted: number): string | null {
    const [first, last] = [pieces[0], pieces.at(-1)]
    if (pieces.length < wanted || !first || !last || pieces.some(({ text }) => !PRINTABLE.test(text))) return null
    const isWhole = (text: string) => listCores(text).every((core) => isKnown(core, isWord))
    if (pieces.length === 1 && isWhole(first.text)) return null
    // only what is no word by itself may be a piece of one, and figures never are
    const isPiece = ({ text }: { readonly text: string }) => !/\d/.test(text) && (!isWhole(text) || listCores(text).some(isStray))
    if (pieces.length > 1 && !pieces.every(isPiece)) return null
    const raw = pieces.map(({ text }) => text).join('')
    const readings = listReadings(chances.slice(Math.floor(first.from), Math.ceil(last.to)), alphabet)
    const asRead = readings.find(({ text }) => text === raw) ?? readings[0]
    const isBetter = ({ text, probability }: Reading): boolean => {
      if (text === raw || !PRINTABLE.test(text) || !isWhole(text) || listCores(text).some(isStray)) return false
      // a letter may not become a sign or a figure, nor a sign between two words vanish: that would only hide them from the dictionary
      const signs = count(text, SIGN) - count(raw, SIGN)
      if (count(text, DIGIT) > count(raw, DIGIT) || signs > 0 || (signs < 0 && text.length < raw.length)) return false
      const longest = Math.max(0, ...listCores(text).map((core) => core.length))
      return probability >= (asRead?.probability ?? 1) * (longest < 4 ? tuning.settleShort : tuning.settle)
    }
    if (pieces.length > 1 && isWhole(raw) && !listCores(raw).some(isStray)) return raw
    const better = readings.find(isBetter)
    return better ? better.text.replace(/[A-Za-z]*[a-z][A-Za-z]*/g, asWritten) : null
  }
}

interface Reading {
  readonly text: string
  readonly probability: number
}

/** The likeliest readings without a space, best first: prefix beam search over CTC's classes (Hannun et al. 2014, arXiv 1408.2873). */
function listReadings(chances: Chances, alphabet: readonly string[]): Reading[] {
  // of each reading: the probability that it ends in a blank, and in its last character
  let beam = new Map<string, readonly [number, number]>([['', [1, 0]]])
  for (const row of chances) {
    const next = new Map<string, [number, number]>()
    const add = (text: string, end: 0 | 1, probability: number) => {
      const sums = next.get(text) ?? [0, 0]
      sums[end] += probability
      next.set(text, sums)
    }
    for (const [text, [blank, character]] of beam)
      for (const [c, p] of row) {
        const other = alphabet[c - 1]
        // a space has no place within a word: where it has a chance the blank has one too
        if (c === 0 || other === undefined) add(text, 0, (blank + character) * p)
        else if (text.endsWith(other)) {
          add(text, 1, character * p)
          add(text + other, 1, blank * p)
        } else add(text + other, 1, (blank + character) * p)
      }
    const best = [...next].sort(([, a], [, b]) => b[0] + b[1] - a[0] - a[1])
    beam = new Map(best.slice(0, BEAM))
  }
  return [...beam].map(([text, [blank, character]]) => ({ text, probability: blank + character }))
}

const listCores = (text: string): readonly string[] => text.match(/[A-Za-z0-9]+/g) ?? []
const DIGIT = /\d/g
const SIGN = /[^\dA-Za-z]/g
/** l, I and i look alike: “TIme” is “Time”. */
const asWritten = (word: string): string => word.charAt(0) + word.slice(1).toLowerCase()
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0

/** Figures, part numbers and single characters are not for a dictionary. */
function isKnown(core: string, isWord: IsWord): boolean {
  const digits = count(core, DIGIT)
  return core.length === 1 || digits > 1 || digits * 2 > core.length || isWord(core.toLowerCase())
}

/** A letter alone that is no word. */
const isStray = (core: string): boolean => /^[b-hj-z]$/i.test(core)
