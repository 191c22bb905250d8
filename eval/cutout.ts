/**
 * @file The built-in cutter against known outlines (drawn products, a picture with an expected cut-out) beside a naive threshold,
 * and the pictures made with it from real products: white exactly 255, fill, centring, marks to the pixel.
 */
import { readdirSync } from 'node:fs'
import sharp from 'sharp'
import { parseLength } from '../src/domain/product/length.ts'
import { type CutOut, cutProduct } from '../src/generate/render/cut-product.ts'
import { areaBesideMarks, drawMarks } from '../src/generate/render/dimensions.ts'
import { measureWhite, renderOnWhite } from '../src/generate/render/white-background.ts'
import { makePicture } from '../src/media/derived-sizes.ts'
import type { Picture } from '../src/media/picture.ts'
import { createPlainCutter } from '../src/models/providers/builtin-cut-out/index.ts'
import { fullSizeOf } from '../test/support/cut-out.ts'
import { BACKDROPS, drawProduct, SHAPES } from '../test/support/drawn-product.ts'
import { openPicture } from '../test/support/media.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

const KINDS = ['bracelet', 'earrings', 'necklace', 'rings', 'wristwatch']
const SIDE = 2000
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

export async function run(): Promise<Evaluation> {
  const cutter = createPlainCutter()
  const ious: number[] = []
  const naive: number[] = []
  const errors: number[] = []
  for (const shape of SHAPES)
    for (const backdrop of BACKDROPS) {
      const drawn = drawProduct(shape, backdrop, 900)
      const pixels = { width: drawn.width, height: drawn.height, channels: 3 as const, data: drawn.data }
      const found = alphaOf(await cut(cutter, makePicture(pixels, drawn.width, drawn.height)), drawn.width, drawn.height)
      ious.push(overlap(found, drawn.alpha))
      naive.push(overlap(thresholdNaively(drawn.data, drawn.width, drawn.height), drawn.alpha))
      errors.push(mean([...found].map((alpha, i) => Math.abs(alpha - (drawn.alpha[i] ?? 0)) / 255)))
    }
  const real = await compareReal(cutter)
  const made = await makeReal(cutter)
  return {
    name: 'cutout',
    metrics: {
      drawn_iou_mean: mean(ious),
      drawn_iou_min: Math.min(...ious),
      drawn_iou_naive_threshold: mean(naive),
      drawn_alpha_error: mean(errors),
      ...real,
      ...made.metrics,
    },
    notes: made.notes,
  }
}

/** The one picture whose expected cut-out lies in the test data: a drawn figure on a background that is not quite plain. */
async function compareReal(cutter: ReturnType<typeof createPlainCutter>): Promise<Record<string, number>> {
  const { base, fit, ...rest } = await openPicture(dataPath('cutout/anime-girl-1.jpg'))
  const expected = await sharp(dataPath('cutout/expected/anime-girl-1.birefnet-general.png'))
    .resize(base.width, base.height, { fit: 'fill' })
    .ensureAlpha()
    .extractChannel(3)
    .raw()
    .toBuffer()
  const found = await cut(cutter, { base, fit, ...rest })
  return {
    expected_iou: overlap(alphaOf(found, base.width, base.height), expected),
    expected_iou_naive_threshold: overlap(thresholdNaively(base.data, base.width, base.height), expected),
  }
}

async function makeReal(cutter: ReturnType<typeof createPlainCutter>): Promise<{ metrics: Record<string, number>; notes: string[] }> {
  let made = 0
  let unsure = 0
  let notWhite = 0
  let markErrors = 0
  let fillError = 0
  let offCentre = 0
  for (const kind of KINDS)
    for (const name of readdirSync(dataPath('products', kind)).slice(0, 5)) {
      const picture = await openPicture(dataPath('products', kind, name))
      const found = await cut(cutter, picture)
      if (!found?.isSure) {
        unsure++
        continue
      }
      const white = await renderOnWhite(found, { side: SIDE, mostSide: SIDE, fill: 0.85, shadow: 'natural' })
      if (!white) continue
      made++
      const measured = measureWhite(white.canvas, white.placement)
      notWhite += measured.notWhite
      fillError = Math.max(fillError, Math.abs(measured.fill - 0.85))
      offCentre = Math.max(offCentre, measured.offCentre)
      markErrors = Math.max(markErrors, await measureMarks(found))
    }
  return {
    metrics: {
      products_made: made,
      products_not_white_pixels_false: notWhite,
      products_fill_error: fillError,
      products_off_centre_px_distance: offCentre,
      dimension_marks_px_error: markErrors,
    },
    notes: [`${made} products on white at ${SIDE} px; ${unsure} left out because the cutter itself was not sure of their background`],
  }
}

/** Reads the drawn lines back from the pixels: how far their ends lie from the product's outermost pixels. */
async function measureMarks(cut: CutOut): Promise<number> {
  const dimensions = { height: parseLength('38 mm'), width: parseLength('1 1/2"') }
  const drawn = await renderOnWhite(cut, {
    side: SIDE,
    mostSide: SIDE,
    fill: 1,
    shadow: 'none',
    areaOf: (side) => areaBesideMarks(side, dimensions),
  })
  if (!drawn) return Number.NaN
  const { to } = drawn.placement
  const { width, height } = await drawMarks(drawn.canvas, to, dimensions)
  const isInk = (x: number, y: number) =>
    (drawn.canvas.data[(y * SIDE + x) * 3] ?? 255) === 51 && (drawn.canvas.data[(y * SIDE + x) * 3 + 1] ?? 255) === 51
  const ends = (has: (at: number) => boolean) => {
    const found = Array.from({ length: SIDE }, (_, at) => at).filter(has)
    return [found[0] ?? -1, found.at(-1) ?? -1] as const
  }
  const [left, right] = ends((x) => isInk(x, width?.at ?? 0))
  const [top, bottom] = ends((y) => isInk(height?.at ?? 0, y))
  return Math.max(
    Math.abs(left - to.left),
    Math.abs(right - (to.left + to.width - 1)),
    Math.abs(top - to.top),
    Math.abs(bottom - (to.top + to.height - 1)),
  )
}

const cut = async (cutter: ReturnType<typeof createPlainCutter>, picture: Picture): Promise<CutOut | null> =>
  cutProduct(await cutter.findOutline(picture), fullSizeOf(picture.base), Number.POSITIVE_INFINITY)

function alphaOf(cut: CutOut | null, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height)
  const matte = cut?.matte
  if (matte)
    for (let y = 0; y < matte.height; y++)
      for (let x = 0; x < matte.width; x++) out[(y + matte.top) * width + x + matte.left] = matte.rgba[(y * matte.width + x) * 4 + 3] ?? 0
  return out
}

/** What most would write first: everything that differs from the mean of the border by more than 10 %. */
function thresholdNaively(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const sum = [0, 0, 0]
  for (let x = 0; x < width; x++)
    for (const y of [0, height - 1]) for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + (rgb[(y * width + x) * 3 + c] ?? 0) / (2 * width)
  return Uint8Array.from({ length: width * height }, (_, i) =>
    Math.max(...[0, 1, 2].map((c) => Math.abs((rgb[i * 3 + c] ?? 0) - (sum[c] ?? 0)))) > 25 ? 255 : 0,
  )
}

function overlap(found: Uint8Array, expected: Uint8Array): number {
  let both = 0
  let either = 0
  for (let i = 0; i < found.length; i++) {
    const [f, e] = [(found[i] ?? 0) >= 128, (expected[i] ?? 0) >= 128]
    if (f && e) both++
    if (f || e) either++
  }
  return both / either
}
