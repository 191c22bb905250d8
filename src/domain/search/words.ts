/**
 * @file Words as keyword search sees them. The same folding runs over documents and over queries, in TypeScript,
 * so that PGlite and any Postgres locale agree: NFKD, no accents, lower case, names split, scripts without spaces as bigrams.
 */

/** A word and how it stands in the text. */
export interface Word {
  /** folded: lower case, no accents, only letters, digits and marks */
  readonly word: string
  readonly raw: string
}

/** Longer “words” are noise (hashes, base64 in a screenshot); both sides cut at the same place, so they still match. */
const MAX_WORD = 64

/** Control characters count as plain too: they only part words. */
const ASCII = /^[\0-\x7f]*$/
/** A word as it stands. */
export const WORD = /[\p{L}\p{N}\p{M}]+/gu
/** Format characters that stand inside words without being seen: soft hyphen, zero width, direction marks. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu
/** Accents of Latin, Greek and Cyrillic; points of Hebrew; short vowels and stretching of Arabic. Not the voicing marks of Japanese. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/gu
/** Letters that NFKD leaves whole though people type them plainly. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ς: 'σ',
}
const PLAIN_LETTERS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu')
/** Scripts written without spaces between words (and Hangul, whose words carry endings). */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々〆]+/gu

/** Lower case, without accents, in one Unicode form. */
export function foldText(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(PLAIN_LETTERS, (letter) => PLAIN[letter] ?? letter)
}

/** The words of a text in order. Runs of an unspaced script come as one word; see `isUnspaced`. */
export function splitWords(text: string): Word[] {
  const words: Word[] = []
  if (ASCII.test(text)) {
    // most text: a tenth of the time
    for (const [raw] of text.matchAll(/[A-Za-z0-9]+/g)) words.push({ word: cutWord(raw.toLowerCase()), raw })
    return words
  }
  for (const [raw] of text.replace(INVISIBLE, '').matchAll(WORD))
    for (const [part] of foldText(raw).matchAll(WORD)) {
      // folding may open a word into several (`½`, `㍿`), so it is split again
      let end = 0
      for (const run of part.matchAll(UNSPACED)) {
        if (run.index > end) words.push({ word: cutWord(part.slice(end, run.index)), raw })
        words.push({ word: run[0], raw })
        end = run.index + run[0].length
      }
      if (end < part.length) words.push({ word: cutWord(part.slice(end)), raw })
    }
  return words
}

/** True for a word of a script without spaces: it is searched by its bigrams. */
export function isUnspaced(word: string): boolean {
  return word.search(UNSPACED) >= 0
}

/** `東京都` → `東京 京都`; a single character stays itself. */
export function bigrams(run: string): string[] {
  const letters = [...run]
  if (letters.length < 2) return letters
  return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`)
}

/**
 * The words a document holds for a text, in order. A run of an unspaced script gives its bigrams and its last character alone,
 * so that a single character is always the start of some word and can be found as a prefix.
 */
export function documentWords(text: string): string[] {
  return splitWords(text).flatMap(({ word }) => (isUnspaced(word) ? documentBigrams(word) : [word]))
}

function documentBigrams(run: string): string[] {
  const letters = [...run]
  return letters.length < 2 ? letters : [...bigrams(run), letters.at(-1) ?? '']
}

/** `DSC_01234-BeachHouse.jpg` → `dsc 01234 1234 beachhouse beach house jpg`: whole words, and their parts at case and digits. */
export function nameWords(name: string): string[] {
  return splitName(name).flatMap(({ word }) => (isUnspaced(word) ? documentBigrams(word) : [word]))
}

/** As `nameWords`, each with how it stands in the name. */
export function splitName(name: string): Word[] {
  const out: Word[] = []
  for (const [raw] of name.replace(INVISIBLE, '').matchAll(WORD)) {
    const whole = splitWords(raw)
    const parts = raw
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .replace(/(\p{L})(\p{N})/gu, '$1 $2')
      .replace(/(\p{N})(\p{L})/gu, '$1 $2')
      .split(' ')
      .flatMap((part) => splitWords(part))
    // people leave out leading zeros
    const numbers = parts.flatMap(({ word, raw }) => (/^0+[1-9]\d*$/.test(word) ? [{ word: word.replace(/^0+/, ''), raw }] : []))
    out.push(...whole, ...(parts.length > 1 ? parts : []), ...numbers)
  }
  return out
}

function cutWord(word: string): string {
  return word.length <= MAX_WORD ? word : [...word].slice(0, MAX_WORD).join('')
}

/** Among shorter words nearly every one is a slip away from another: “dog” is not “doc”. */
const MIN_MISSPELT = 4

/** True when the words, of four letters and more, differ by one slip (a letter wrong, missing, added, or two swapped), or two slips in words of six letters and more. */
export function isMisspelt(typed: string, meant: string): boolean {
  const [a, b] = [[...typed], [...meant]]
  return Math.min(a.length, b.length) >= MIN_MISSPELT && editDistance(a, b) <= (a.length < 6 ? 1 : 2)
}

/** Least number of slips; swapping neighbours is one. */
export function editDistance(a: readonly string[], b: readonly string[]): number {
  let before: number[] = []
  let last = b.map((_, j) => j)
  last.push(b.length)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
