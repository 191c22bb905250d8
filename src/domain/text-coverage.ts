/** @file How much of a picture is text, and whether that makes it a document. Pure. */
import type { Point } from './geometry.ts'

interface Line {
  readonly confidence: number
  readonly words: readonly { readonly text: string; readonly polygon: readonly Point[] }[]
}

export interface TextMeasure {
  /** share of the picture that the boxes of its words cover, 0–1 */
  readonly coverage: number
  /** legible ones: at least two letters or digits; of Chinese, two characters count as one */
  readonly words: number
}

/**
 * Chosen on 20 receipts against 625 photos and product pictures (`npm run eval -- documents`): the shortest receipt has 55 words,
 * the wordiest of the others, an advertisement, 31. Words tell; how much they cover only keeps out shop windows and shelves full of small print: a receipt that
 * takes a quarter of a photo still covers 5 %.
 */
const MIN_WORDS = 40
const MIN_COVERAGE = 0.03

/** The tag of pictures that are documents; the category `documents` has it from the beginning. */
export const DOCUMENT_TAG = 'document'

export function measureText(lines: readonly Line[]): TextMeasure {
  const words = lines.flatMap((line) => line.words)
  return {
    coverage: Math.min(
      1,
      words.reduce((sum, { polygon }) => sum + measureArea(polygon), 0),
    ),
    words: words.reduce((sum, { text }) => sum + countWords(text), 0),
  }
}

/** A page of text: a receipt, a letter, a screen full of it. */
export const isDocument = ({ coverage, words }: TextMeasure): boolean => words >= MIN_WORDS && coverage >= MIN_COVERAGE

/** @returns how sure the reader was of its lines on average, 0–1 */
export function meanConfidence(lines: readonly Line[]): number {
  return lines.length === 0 ? 0 : lines.reduce((sum, { confidence }) => sum + confidence, 0) / lines.length
}

function countWords(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  if (han > 0) return Math.ceil(han / 2)
  return (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= 2 ? 1 : 0
}

/** Of a polygon in fractions of the picture (the shoelace formula), so in shares of it. */
function measureArea(polygon: readonly Point[]): number {
  let twice = 0
  for (const [index, point] of polygon.entries()) {
    const next = polygon[(index + 1) % polygon.length] ?? point
    twice += point.x * next.y - next.x * point.y
  }
  return Math.abs(twice) / 2
}
