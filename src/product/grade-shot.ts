/**
 * @file The grade of a product picture, A, B or C, with the measured reasons. There is no common standard; the bounds are those of
 * marketplaces where they say any (size, fill, white), else chosen on the test pictures and their spoiled copies (`npm run eval -- products`).
 */
import type { ShotMeasures } from '../domain/product/shot.ts'
import { countLetters, MIN_LETTERS } from '../domain/product/text-in-shot.ts'

export type Grade = 'A' | 'B' | 'C'

export interface GradeReason {
  readonly what: string
  readonly measured: string
  /** weak costs one grade, however many; poor costs two */
  readonly weight: 'weak' | 'poor'
}

export interface Graded {
  readonly grade: Grade
  readonly reasons: readonly GradeReason[]
}

const percent = (value: number): string => `${Math.round(value * 100)} %`

interface Bound {
  readonly what: string
  readonly value: (shot: ShotMeasures) => number | null
  readonly weak: (value: number) => boolean
  readonly poor: (value: number) => boolean
  readonly show: (value: number) => string
}

const BOUNDS: readonly Bound[] = [
  // Amazon: zoom from 1000 px, nothing below 500
  {
    what: 'few pixels',
    value: (shot) => Math.max(shot.width, shot.height),
    weak: (px) => px < 1000,
    poor: (px) => px < 500,
    show: (px) => `longest side ${px} px`,
  },
  {
    what: 'not sharp',
    value: (shot) => shot.sharpness,
    weak: (v) => v < 0.012,
    poor: (v) => v < 0.004,
    show: (v) => `sharpness ${v.toFixed(4)}`,
  },
  {
    what: 'too dark',
    value: (shot) => shot.brightness,
    weak: (v) => v < 60,
    poor: (v) => v < 30,
    show: (v) => `mean brightness ${Math.round(v)} of 255`,
  },
  {
    what: 'too light',
    value: (shot) => shot.clippedLight,
    weak: (v) => v > 0.2,
    poor: (v) => v > 0.45,
    show: (v) => `${percent(v)} of it without drawing`,
  },
  {
    what: 'shadows without drawing',
    value: (shot) => shot.clippedDark,
    weak: (v) => v > 0.2,
    poor: (v) => v > 0.5,
    show: (v) => `${percent(v)} of it black`,
  },
  { what: 'noisy', value: (shot) => shot.noise, weak: (v) => v > 5, poor: (v) => v > 12, show: (v) => `noise ${v.toFixed(1)} of 255` },
  {
    what: 'background is not even',
    value: (shot) => shot.backgroundUniform,
    weak: (v) => v < 0.8,
    poor: () => false,
    show: (v) => `${percent(v)} of the border is of one colour`,
  },
  {
    what: 'colour cast',
    value: (shot) => shot.cast,
    weak: (v) => v > 0.03,
    poor: (v) => v > 0.08,
    show: (v) => `background ${v.toFixed(3)} from grey`,
  },
  {
    what: 'the product is small',
    value: (shot) => shot.fill,
    weak: (v) => v < 0.5,
    poor: (v) => v < 0.25,
    show: (v) => `it fills ${percent(v)} of the frame`,
  },
  {
    what: 'off centre',
    value: (shot) => shot.offCentre,
    weak: (v) => v > 0.2,
    poor: () => false,
    show: (v) => `${percent(v)} of the way to the corner`,
  },
]

/**
 * The worse of what is measured and what a model saw: each sees faults that the other does not.
 * @param text that was read in the picture; null: not looked for yet, or wanted there (a picture of its measures)
 * @param judged by a model; null: none did
 */
export function gradeShot(shot: ShotMeasures, text: string | null = null, judged: Grade | null = null): Graded {
  const reasons = BOUNDS.flatMap(({ what, value, weak, poor, show }): GradeReason[] => {
    const measured = value(shot)
    if (measured === null || !(weak(measured) || poor(measured))) return []
    return [{ what, measured: show(measured), weight: poor(measured) ? 'poor' : 'weak' }]
  })
  if (text !== null && countLetters(text) >= MIN_LETTERS)
    reasons.push({
      what: 'text or watermark',
      measured: `“${text.replace(/\s+/g, ' ').trim().slice(0, 60)}” is read in it`,
      weight: 'weak',
    })
  const isPoor = reasons.some(({ weight }) => weight === 'poor')
  const measured = isPoor || reasons.length > 2 ? 'C' : reasons.length > 0 ? 'B' : 'A'
  if (judged === null || judged <= measured) return { grade: measured, reasons }
  return {
    grade: judged,
    reasons: [...reasons, { what: 'judged by a model', measured: `grade ${judged}`, weight: judged === 'C' ? 'poor' : 'weak' }],
  }
}
