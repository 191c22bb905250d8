/**
 * @file How often a tag is right, by who says it and how confident it is: the confidence of a model is not a probability, and that of two models
 * cannot be compared. Measured by `npm run calibrate:tags` (`data/README.md`); a person is always right.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

interface Curve {
  /** confidences, ascending */
  readonly at: readonly number[]
  /** share of tags of that confidence that are right, never falling */
  readonly right: readonly number[]
}

interface ModelCurves {
  /** all tags of the model together */
  readonly all: Curve
  /** tags that were said often enough to have a curve of their own */
  readonly tags: Readonly<Record<string, Curve>>
}

const FILE = new URL('./data/tag-certainty.json', import.meta.url)
/** Persons and what they wrote into their files. */
const CERTAIN: ReadonlySet<string> = new Set(['person', 'file'])
/** The share that is right of a model nobody measured: between .25 and .75, in the order of its own confidence. */
const unmeasured = (confidence: number): number => 0.25 + 0.5 * confidence

let curves: Readonly<Record<string, ModelCurves>> | undefined

/**
 * @param saidBy `photo_tags.said_by`: the id of a model, `file`, or `person`
 * @param confidence 0 to 1, as the model gives it
 * @returns 0 to 1: the share of such tags that are right
 */
export function tagCertainty(saidBy: string, tag: string, confidence: number): number {
  if (CERTAIN.has(saidBy)) return 1
  curves ??= (JSON.parse(readFileSync(FILE, 'utf8')) as { models: Record<string, ModelCurves> }).models
  const model = curves[saidBy]
  if (model === undefined) return unmeasured(Math.min(1, Math.max(0, confidence)))
  return interpolate(model.tags[tag] ?? model.all, confidence)
}

/** Tells whether the measured curves are those of before. */
export const hashCurves = (): string => createHash('sha256').update(readFileSync(FILE)).digest('base64url')

/** Straight between the measured points; beyond the ends as at the ends. */
function interpolate({ at, right }: Curve, x: number): number {
  const next = at.findIndex((own) => own >= x)
  if (next === 0) return right[0] ?? 0
  if (next < 0) return right.at(-1) ?? 0
  const [x0 = 0, x1 = 1, y0 = 0, y1 = 0] = [at[next - 1], at[next], right[next - 1], right[next]]
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
}
