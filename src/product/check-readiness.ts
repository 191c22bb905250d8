/** @file Holds what was measured of a picture against a marketplace’s rules: each rule with its value, pass, warn or fail, and its mend. */

import type { Mend } from '../contract/product-words.ts'
import type { Check } from '../contract/products.ts'
import type { PhotoFormat } from '../contract/words.ts'
import { countOf } from '../domain/count-of.ts'
import type { ShotMeasures } from '../domain/product/shot.ts'
import { countLetters, MIN_LETTERS } from '../domain/product/text-in-shot.ts'
import type { Marketplace, MarketplaceRules } from './marketplaces.ts'

export interface PictureFacts {
  readonly shot: ShotMeasures | null
  readonly bytes: number
  readonly format: PhotoFormat | null
  /** null: text was not looked for yet */
  readonly text: string | null
  /** null: faces were not looked for yet */
  readonly faces: number | null
  /** people by their figure; null: things were not looked for yet */
  readonly people: number | null
  /** as the file names it; null: none, which is taken for sRGB */
  readonly colourProfile: string | null
  /** something to wear: some marketplaces ask other things of it */
  readonly isJewelry: boolean
  /** pictures of its product in the store; null: it belongs to no product */
  readonly picturesOfProduct: number | null
}

type Status = Check['status']
const percent = (value: number) => `${Math.round(value * 1000) / 10} %`
const megabytes = (bytes: number) => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 10_000) / 100} MB`)
/** of the border: JPEG writes 254 for 255 in places */
const PURE = 0.995
const NEAR_SHAPE = 0.01

type Rule = (rules: MarketplaceRules, facts: PictureFacts) => Check | null

const check = (rule: string, status: Status, measured: string, wants: string, mend: Mend | null = null): Check => ({
  rule,
  status,
  measured,
  wants,
  mend: status === 'warn' || status === 'fail' ? mend : null,
})
const unmeasured = (rule: string, wants: string): Check => check(rule, 'unknown', 'not measured yet', wants)

const RULES: readonly Rule[] = [
  ({ longestSide: asks }, { shot }) => {
    if (!asks) return null
    const wants = [
      `at least ${asks.least} px`,
      ...(asks.advised ? [`${asks.advised} px advised`] : []),
      ...(asks.most ? [`at most ${asks.most} px`] : []),
    ].join(', ')
    if (!shot) return unmeasured('longest side', wants)
    const side = Math.max(shot.width, shot.height)
    const isTooLarge = asks.most !== undefined && side > asks.most
    const status = side < asks.least || isTooLarge ? 'fail' : asks.advised !== undefined && side < asks.advised ? 'warn' : 'pass'
    // enlarging adds no detail: it is no mend for a picture that is too small
    return check('longest side', status, `${side} px`, wants, isTooLarge ? 'resize' : null)
  },
  ({ shortestSide: asks }, { shot }) => {
    if (!asks) return null
    if (!shot) return unmeasured('shortest side', `at least ${asks.least} px`)
    const side = Math.min(shot.width, shot.height)
    return check('shortest side', side < asks.least ? 'fail' : 'pass', `${side} px`, `at least ${asks.least} px`)
  },
  ({ shapes }, { shot }) => {
    if (!shapes) return null
    const wants = shapes.map(({ name }) => name).join(' or ')
    if (!shot) return unmeasured('shape', wants)
    const ratio = shot.width / shot.height
    const fits = shapes.some((shape) => Math.abs(ratio / shape.ratio - 1) <= NEAR_SHAPE)
    return check('shape', fits ? 'pass' : 'warn', `${shot.width} × ${shot.height}`, wants, 'pad')
  },
  ({ mostBytes }, { bytes }) =>
    mostBytes === undefined
      ? null
      : check('file size', bytes > mostBytes ? 'fail' : 'pass', megabytes(bytes), `at most ${megabytes(mostBytes)}`, 'resize'),
  ({ mostPixels }, { shot }) => {
    if (mostPixels === undefined) return null
    const wants = `at most ${mostPixels / 1_000_000} megapixels`
    if (!shot) return unmeasured('pixels', wants)
    const pixels = shot.width * shot.height
    return check('pixels', pixels > mostPixels ? 'fail' : 'pass', `${Math.round(pixels / 100_000) / 10} megapixels`, wants, 'resize')
  },
  ({ formats }, { format }) => {
    if (!formats) return null
    const wants = `${formats.taken.join(', ')}${formats.preferred ? `; ${formats.preferred} preferred` : ''}`
    const isTaken = format !== null && formats.taken.includes(format)
    return check(
      'format',
      !isTaken ? 'fail' : formats.preferred && formats.preferred !== format ? 'warn' : 'pass',
      format ?? 'unknown',
      wants,
      'srgb',
    )
  },
  ({ leastQuality }, { shot }) => {
    const quality = shot?.jpegQuality
    if (leastQuality === undefined || quality === undefined) return null
    // written again it would look no better: no mend
    return check('JPEG quality', quality < leastQuality ? 'warn' : 'pass', `${quality} of 100`, `at least ${leastQuality}`)
  },
  ({ white }, { shot }) => {
    if (!white) return null
    const wants = 'background 255, 255, 255'
    if (!shot) return unmeasured('white background', wants)
    const { backgroundPureWhite: pure, backgroundWhite: near } = shot
    const status = pure >= PURE ? 'pass' : near >= PURE ? 'warn' : 'fail'
    return check(
      'white background',
      status,
      `${percent(pure)} of the border is exactly white, ${percent(near)} looks white`,
      wants,
      near >= 0.9 ? 'white' : null,
    )
  },
  ({ fill: asks }, { shot, isJewelry }) => {
    if (!asks) return null
    const least = isJewelry ? asks.jewelry : asks.least
    const wants = `at least ${percent(least)} of the frame${isJewelry || asks.jewelry === asks.least ? '' : ` (${percent(asks.jewelry)} for jewelry)`}`
    if (!shot) return unmeasured('fill', wants)
    if (shot.fill === null) return check('fill', 'unknown', 'the background is not plain: where the product ends cannot be told', wants)
    return check('fill', shot.fill >= least ? 'pass' : shot.fill >= least - 0.1 ? 'warn' : 'fail', percent(shot.fill), wants, 'crop')
  },
  ({ edges: asks }, { shot, isJewelry }) => {
    if (!asks) return null
    const most = isJewelry ? asks.jewelry : asks.most
    const wants = most === 0 ? 'the whole product' : `the whole product; a chain may leave at ${most} edge`
    if (!shot) return unmeasured('whole product', wants)
    if (shot.edgesTouched === null) return check('whole product', 'unknown', 'the background is not plain', wants)
    const status = shot.edgesTouched === 0 ? 'pass' : shot.edgesTouched <= most ? 'warn' : 'fail'
    return check('whole product', status, `cut at ${shot.edgesTouched} of 4 edges`, wants)
  },
  ({ noText }, { text }) => {
    if (!noText) return null
    if (text === null) return unmeasured('no text or watermark', 'no text')
    const letters = countLetters(text)
    return check(
      'no text or watermark',
      letters >= MIN_LETTERS ? 'fail' : 'pass',
      letters === 0 ? 'none' : `“${text.replace(/\s+/g, ' ').slice(0, 60)}”`,
      'no text',
    )
  },
  ({ noPeople }, { faces, people }) => {
    if (!noPeople) return null
    const wants = 'no person'
    const seen = [...(faces ? [countOf(faces, 'face')] : []), ...(people ? [countOf(people, 'figure')] : [])]
    if (seen.length > 0) return check('no person', 'fail', seen.join(', '), wants)
    return faces === null || people === null ? unmeasured('no person', wants) : check('no person', 'pass', 'no face, no figure seen', wants)
  },
  ({ noBorder }, { shot }) => {
    if (!noBorder) return null
    const wants = 'no line or band round the picture'
    if (shot?.isFramed === undefined) return unmeasured('border', wants)
    return check('border', shot.isFramed ? 'fail' : 'pass', shot.isFramed ? 'a frame all round' : 'none seen', wants)
  },
  ({ pictures: wanted }, { picturesOfProduct }) => {
    if (wanted === undefined) return null
    const wants = `at least ${wanted} of each product`
    if (picturesOfProduct === null) return check('pictures of the product', 'warn', 'it belongs to no product', wants)
    return check('pictures of the product', picturesOfProduct < wanted ? 'warn' : 'pass', `${picturesOfProduct}`, wants)
  },
  ({ aiMark }, { shot }) => {
    if (!aiMark) return null
    const wants = 'what a model made says so in the file (IPTC trainedAlgorithmicMedia)'
    if (shot?.maker === undefined) return unmeasured('mark of AI', wants)
    const { sourceType, program } = shot.maker
    if (sourceType !== null) return check('mark of AI', 'pass', `the file says ${sourceType}`, wants)
    return program === null
      ? check('mark of AI', 'pass', 'nothing in the file speaks of a model', wants)
      : check('mark of AI', 'warn', `the file speaks of “${program}”, and has no mark`, wants)
  },
  ({ srgb }, { colourProfile }) =>
    srgb
      ? check(
          'colour space',
          colourProfile === null || /srgb/i.test(colourProfile) ? 'pass' : 'fail',
          colourProfile ?? 'no profile: read as sRGB',
          'sRGB',
          'srgb',
        )
      : null,
]

/** What no measure tells is listed last and leaves the status as it is: it is never called passed. */
export function checkReadiness(profile: Marketplace, facts: PictureFacts): { status: Exclude<Status, 'look'>; checks: Check[] } {
  const measured = RULES.flatMap((rule) => rule(profile.rules, facts) ?? [])
  const status = (['fail', 'unknown', 'warn'] as const).find((one) => measured.some((found) => found.status === one)) ?? 'pass'
  const toLookAt = (profile.rules.toLookAt ?? []).map(({ rule, wants }) => check(rule, 'look', 'no measure tells it: look yourself', wants))
  return { status, checks: [...measured, ...toLookAt] }
}
