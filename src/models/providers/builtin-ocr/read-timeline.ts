/** @file Reads the recogniser's timeline (CTC): characters, spaces, words with their places along the line. */
import { settleLookalikes } from './lookalikes.ts'
import type { Tuning } from './tuning.ts'

/** `steps × classes` probabilities: class 0 is CTC's blank, the last one the space, the others the alphabet's characters. */
export interface Timeline {
  readonly data: Float32Array
  readonly steps: number
  readonly classes: number
}

export interface TimelineWord {
  readonly text: string
  /** place along the line, in time steps */
  readonly from: number
  readonly to: number
}

export interface TimelineText {
  readonly text: string
  /** mean of the characters' probabilities, 0–1 */
  readonly confidence: number
  readonly words: readonly TimelineWord[]
}

interface Glyph {
  readonly text: string
  readonly probability: number
  /** first and last step at which it wins */
  readonly first: number
  readonly last: number
}

/** Signs that stand inside numbers, times and dates. */
const NUMBER_SIGN = /^[.,:/-]$/
/** Steps between the middles of two characters of usual print, as often as they count beside those of the line. */
const USUAL_GAPS = [3, 3, 3] as const
const NOTHING: TimelineText = { text: '', confidence: 0, words: [] }

/** @param alphabet characters of class 1, 2, … */
export function readTimeline(timeline: Timeline, alphabet: readonly string[], tuning: Tuning): TimelineText {
  const glyphs = findGlyphs(timeline, alphabet)
  if (glyphs.length === 0) return NOTHING
  const spaced = settleWords(insertSpaces(glyphs, timeline, tuning), timeline, alphabet, tuning)
  const words = splitWords(spaced, timeline.steps)
  if (words.length === 0) return NOTHING
  let sum = 0
  let count = 0
  for (const glyph of glyphs) {
    if (glyph.text === ' ') continue
    sum += glyph.probability
    count++
  }
  let text = ''
  for (const [i, word] of words.entries()) text += i > 0 && word.startsAfterSpace ? ` ${word.text}` : word.text
  return { text, confidence: sum / count, words: words.map(({ text, from, to }) => ({ text, from, to })) }
}

/** CTC: the best class of each step; repeats without a blank between are one character. */
function findGlyphs({ data, steps, classes }: Timeline, alphabet: readonly string[]): Glyph[] {
  const glyphs: { text: string; probability: number; first: number; last: number }[] = []
  let before = 0
  for (let step = 0; step < steps; step++) {
    const offset = step * classes
    let best = 0
    let probability = data[offset] as number
    for (let c = 1; c < classes; c++) {
      const p = data[offset + c] as number
      if (p > probability) {
        probability = p
        best = c
      }
    }
    const last = glyphs.at(-1)
    if (best !== 0 && best === before && last) {
      last.last = step
      last.probability = Math.max(last.probability, probability)
    } else if (best !== 0) {
      glyphs.push({ text: best === classes - 1 ? ' ' : (alphabet[best - 1] ?? ''), probability, first: step, last: step })
    }
    before = best
  }
  return glyphs
}

/**
 * The space class rarely wins against the blank, so words run together. Between two Latin glyphs a space is put in where the space class
 * is at all likely between them, or where the gap is much wider than usual in this line, or wider and the space class not ruled out.
 */
function insertSpaces(glyphs: readonly Glyph[], { data, classes }: Timeline, tuning: Tuning): Glyph[] {
  const gaps: number[] = []
  for (let i = 1; i < glyphs.length; i++) gaps.push(place(glyphs[i] as Glyph) - place(glyphs[i - 1] as Glyph))
  // “1 X” alone has one gap, which is no measure of itself
  const median = [...gaps, ...USUAL_GAPS].toSorted((a, b) => a - b)[Math.floor((gaps.length + USUAL_GAPS.length) / 2)] as number
  const widest = tuning.spaceGap * median + 1
  const out: Glyph[] = []
  for (const [i, glyph] of glyphs.entries()) {
    const before = glyphs[i - 1]
    if (before && isLatin(before.text) && isLatin(glyph.text)) {
      let likely = 0
      for (let step = before.last; step <= glyph.first; step++) likely = Math.max(likely, data[step * classes + classes - 1] as number)
      const isInNumber = joinsNumber(glyphs, i)
      const needed = isInNumber ? tuning.spaceInNumber : tuning.space
      const gap = gaps[i - 1] as number
      const isWide = gap > widest || (gap >= tuning.wideGap * median && likely >= tuning.spaceInWideGap)
      if (likely > needed || (!isInNumber && isWide)) {
        out.push({ text: ' ', probability: likely, first: before.last, last: glyph.first })
      }
    }
    out.push(glyph)
  }
  return out
}

/** Within each run of letters and digits, characters that look alike are settled by the others. */
function settleWords(glyphs: readonly Glyph[], { data, classes }: Timeline, alphabet: readonly string[], tuning: Tuning): Glyph[] {
  const out: Glyph[] = []
  let word: Glyph[] = []
  const settle = () => {
    const texts = settleLookalikes(
      word.map((glyph) => ({
        text: glyph.text,
        probabilityOf(text) {
          const index = alphabet.indexOf(text) + 1
          let p = 0
          for (let step = glyph.first; step <= glyph.last; step++) p = Math.max(p, data[step * classes + index] as number)
          return p
        },
      })),
      tuning.lookalike,
    )
    out.push(...word.map((glyph, i) => ({ ...glyph, text: texts[i] as string })))
    word = []
  }
  for (const glyph of glyphs) {
    if (/[a-zA-Z0-9]/.test(glyph.text)) word.push(glyph)
    else {
      settle()
      out.push(glyph)
    }
  }
  settle()
  return out
}

interface SplitWord extends TimelineWord {
  readonly startsAfterSpace: boolean
}

/** Words end at spaces and where the script changes between Chinese and Latin; each reaches to the middle of the gap beside it. */
function splitWords(glyphs: readonly Glyph[], steps: number): SplitWord[] {
  const groups: { glyphs: Glyph[]; startsAfterSpace: boolean }[] = []
  let startsAfterSpace = true
  for (const glyph of glyphs) {
    if (glyph.text.trim() === '') {
      startsAfterSpace = true
      continue
    }
    const group = groups.at(-1)
    const last = group?.glyphs.at(-1)
    if (group && last && !startsAfterSpace && isHan(last.text) === isHan(glyph.text)) group.glyphs.push(glyph)
    else groups.push({ glyphs: [glyph], startsAfterSpace })
    startsAfterSpace = false
  }
  return groups.map((group, i) => {
    const first = group.glyphs[0] as Glyph
    const last = group.glyphs.at(-1) as Glyph
    const before = groups[i - 1]?.glyphs.at(-1)
    const after = groups[i + 1]?.glyphs[0]
    // half a usual glyph around the outermost centres, but never past the middle of the gap
    const half = group.glyphs.length > 1 ? (place(last) - place(first)) / (group.glyphs.length - 1) / 2 : 1
    const from = before ? Math.max(place(first) - half, (place(before) + place(first)) / 2) : Math.max(0, place(first) - half)
    const to = after ? Math.min(place(last) + half, (place(last) + place(after)) / 2) : Math.min(steps, place(last) + half)
    return { text: group.glyphs.map((g) => g.text).join(''), from, to: Math.max(to, from + 0.5), startsAfterSpace: group.startsAfterSpace }
  })
}

function place(glyph: Glyph): number {
  return (glyph.first + glyph.last + 1) / 2
}

/** ASCII and Latin letters with accents; everything else is written without spaces or separates itself. */
function isLatin(text: string): boolean {
  return /^[\x21-\x7e\u00a1-\u024f]/.test(text)
}

/** The place before glyph `i` lies within a number: between a digit and a sign that a digit follows, or between such a sign and its digit. */
function joinsNumber(glyphs: readonly Glyph[], i: number): boolean {
  const textAt = (k: number) => glyphs[k]?.text ?? ''
  const sign = NUMBER_SIGN.test(textAt(i)) ? i : NUMBER_SIGN.test(textAt(i - 1)) ? i - 1 : null
  return sign !== null && isDigit(textAt(sign - 1)) && isDigit(textAt(sign + 1))
}

function isDigit(text: string): boolean {
  return text >= '0' && text <= '9'
}

export function isHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text)
}
