/**
 * @file Measures of a product picture that need no model: the background, how the product lies in the frame, sharpness, exposure, noise.
 * The background is what the border of the frame shows; where the border is of one colour, the product is what differs from it.
 */
import { toLuma } from '../colour/luma.ts'
import { toOklab } from '../colour/oklab.ts'
import { extractPalette } from '../colour/palette.ts'
import type { SaidMaker } from './said-maker.ts'

/** Long side in pixels the measures are taken at: they compare only at one size. */
export const SHOT_MAX_SIDE = 1024

export interface ShotMeasures {
  /** of the original, upright */
  readonly width: number
  readonly height: number
  /** 0–1 of the border’s pixels that are the border’s colour (± 12 of 255) */
  readonly backgroundUniform: number
  /** 0–1 of the border’s pixels that are 255, 255, 255 */
  readonly backgroundPureWhite: number
  /** 0–1 of the border’s pixels that look white (each channel ≥ 245) */
  readonly backgroundWhite: number
  /** distance of the background from grey in OKLab; 0.02 is just seen. Null where the background is not light */
  readonly cast: number | null
  /** where the product is, as fractions of the frame; null where the border is not of one colour, so that it cannot be told */
  readonly product: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null
  /** the longer of the product’s sides in its frame, 0–1; null as above */
  readonly fill: number | null
  /** distance of the product’s centre from the frame’s, 0–1 of the half diagonal; null as above */
  readonly offCentre: number | null
  /** edges of the frame that cut the product: 0–4; null as above */
  readonly edgesTouched: number | null
  /** a line or band of one colour goes all round, near the edge; absent as `maker` */
  readonly isFramed?: boolean
  /** variance of the Laplacian of luma over the product (or the whole) ÷ variance of its luma: 0 is a blur, more is sharper */
  readonly sharpness: number
  /** mean luma of the product (or the whole), 0–255 */
  readonly brightness: number
  /** 0–1 of its pixels that are black or white without drawing */
  readonly clippedDark: number
  readonly clippedLight: number
  /** standard deviation of noise on flat places, of 255 */
  readonly noise: number
  /** the quality its JPEG was written with, 1–100; absent for other formats, and of pictures taken before it was looked for */
  readonly jpegQuality?: number
  /** what its file says of a model that made it; absent of pictures taken before it was looked for */
  readonly maker?: SaidMaker
  /** name of the product’s main colour; null where it cannot be told from its background */
  readonly colour: string | null
}

interface Frame {
  readonly width: number
  readonly height: number
  /** interleaved sRGB */
  readonly data: Uint8Array
}

const SAME = 12
/** What differs more from the background belongs to the product; JPEG’s own noise stays below. */
const OTHER = 24
const UNIFORM = 0.8
/** Rows and columns with fewer product pixels than this hold dust. */
const MIN_LINE_SHARE = 0.004

/** @param size of the original; @param frame its pixels, long side at most SHOT_MAX_SIDE */
export function measureShot(frame: Frame, size: { readonly width: number; readonly height: number }): ShotMeasures {
  const border = readBorder(frame)
  const background = [0, 1, 2].map((channel) => median(border.map((at) => frame.data[at + channel] ?? 0))) as [number, number, number]
  const share = (test: (red: number, green: number, blue: number) => boolean) =>
    border.filter((at) => test(frame.data[at] ?? 0, frame.data[at + 1] ?? 0, frame.data[at + 2] ?? 0)).length / border.length
  const backgroundUniform = share((...rgb) => rgb.every((value, channel) => Math.abs(value - (background[channel] ?? 0)) <= SAME))
  const mask = backgroundUniform >= UNIFORM ? findProduct(frame, background) : null
  const luma = toLuma(frame.data)
  const box = mask?.box ?? { left: 0, top: 0, right: frame.width - 1, bottom: frame.height - 1 }
  const product = mask && {
    x: box.left / frame.width,
    y: box.top / frame.height,
    width: (box.right - box.left + 1) / frame.width,
    height: (box.bottom - box.top + 1) / frame.height,
  }
  const tone = measureTone(luma, mask?.pixels ?? null)
  return {
    width: size.width,
    height: size.height,
    backgroundUniform: round(backgroundUniform),
    backgroundPureWhite: round(share((...rgb) => rgb.every((value) => value === 255))),
    backgroundWhite: round(share((...rgb) => rgb.every((value) => value >= 245))),
    cast: measureCast(background),
    product: product && { x: round(product.x), y: round(product.y), width: round(product.width), height: round(product.height) },
    fill: product && round(Math.max(product.width, product.height)),
    offCentre:
      product && round(Math.hypot(product.x + product.width / 2 - 0.5, product.y + product.height / 2 - 0.5) / Math.hypot(0.5, 0.5)),
    edgesTouched:
      mask && [box.left === 0, box.top === 0, box.right === frame.width - 1, box.bottom === frame.height - 1].filter(Boolean).length,
    isFramed: mask !== null && isFramed(frame, mask, background),
    sharpness: round(measureSharpness(luma, frame.width, box)),
    brightness: round(tone.mean),
    clippedDark: round(tone.dark),
    clippedLight: round(tone.light),
    noise: round(measureNoise(luma, frame.width, frame.height)),
    colour: mask ? findColour(frame, mask.pixels) : null,
  }
}

/** Offsets of the pixels in the outermost 2 % (at least one row). */
function readBorder({ width, height }: Frame): number[] {
  const depth = Math.max(1, Math.round(Math.min(width, height) * 0.02))
  const at: number[] = []
  for (let y = 0; y < height; y++) {
    const isInner = y >= depth && y < height - depth
    for (let x = 0; x < width; x++) {
      if (isInner && x >= depth && x < width - depth) x = width - depth
      at.push((y * width + x) * 3)
    }
  }
  return at
}

function findProduct({ width, height, data }: Frame, background: readonly number[]) {
  const pixels = new Uint8Array(width * height)
  const rows = new Uint32Array(height)
  const columns = new Uint32Array(width)
  let count = 0
  for (let i = 0, at = 0; i < pixels.length; i++, at += 3) {
    const differs =
      Math.abs((data[at] ?? 0) - (background[0] ?? 0)) > OTHER ||
      Math.abs((data[at + 1] ?? 0) - (background[1] ?? 0)) > OTHER ||
      Math.abs((data[at + 2] ?? 0) - (background[2] ?? 0)) > OTHER
    if (!differs) continue
    pixels[i] = 1
    count++
    const y = Math.floor(i / width)
    rows[y] = (rows[y] ?? 0) + 1
    columns[i - y * width] = (columns[i - y * width] ?? 0) + 1
  }
  if (count < pixels.length * 0.001) return null
  const [top, bottom] = ends(rows, width * MIN_LINE_SHARE)
  const [left, right] = ends(columns, height * MIN_LINE_SHARE)
  return top === -1 || left === -1 ? null : { pixels, box: { left, top, right, bottom } }
}

/** Of a side that a line takes, of each side of a ring inside it that is background, and of the frame’s sides that the line goes along. */
const FRAME = { line: 0.95, hollow: 0.5, least: 0.8 }

/**
 * What differs from the background goes round as a rectangle: hollow, it is a drawn line; solid, the border is a band round the
 * picture. A thing that is itself a rectangle on white is none.
 */
function isFramed(
  { width, height }: Frame,
  { pixels, box }: { readonly pixels: Uint8Array; readonly box: { left: number; top: number; right: number; bottom: number } },
  background: readonly number[],
): boolean {
  const [across, down] = [box.right - box.left + 1, box.bottom - box.top + 1]
  if (across < width * FRAME.least || down < height * FRAME.least) return false
  /** 0–1 of each side of the rectangle that lies `inset` pixels inside the box */
  const takenAt = (inset: number): number[] => {
    const row = (y: number) => share(across - 2 * inset, (i) => pixels[y * width + box.left + inset + i] ?? 0)
    const column = (x: number) => share(down - 2 * inset, (i) => pixels[(box.top + inset + i) * width + x] ?? 0)
    return [row(box.top + inset), row(box.bottom - inset), column(box.left + inset), column(box.right - inset)]
  }
  // the edge of a line may be soft: the best of its first pixels counts
  const rings = [0, 1, 2, 3].map(takenAt)
  if ([0, 1, 2, 3].some((side) => Math.max(...rings.map((ring) => ring[side] ?? 0)) < FRAME.line)) return false
  const depths = [0.015, 0.025, 0.04, 0.06].map((part) => Math.round(Math.min(across, down) * part))
  const isHollow = depths.some((depth) => takenAt(depth).every((taken) => 1 - taken >= FRAME.hollow))
  return isHollow || background.some((value) => value < 245)
}

function share(count: number, of: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += of(i)
  return count <= 0 ? 0 : sum / count
}

function ends(counts: Uint32Array, least: number): [number, number] {
  const enough = (count: number) => count >= Math.max(1, least)
  return [counts.findIndex(enough), counts.findLastIndex(enough)]
}

/** Sharp detail against the contrast there is: a dark product is not soft, a textured one not sharp by its texture’s strength alone. */
function measureSharpness(
  luma: Float32Array,
  width: number,
  box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
): number {
  let [sum, squares, laplaceSum, laplaceSquares, count] = [0, 0, 0, 0, 0]
  for (let y = box.top + 1; y < box.bottom; y++)
    for (let x = box.left + 1; x < box.right; x++) {
      const i = y * width + x
      const value = luma[i] ?? 0
      const laplace = 4 * value - (luma[i - 1] ?? 0) - (luma[i + 1] ?? 0) - (luma[i - width] ?? 0) - (luma[i + width] ?? 0)
      sum += value
      squares += value * value
      laplaceSum += laplace
      laplaceSquares += laplace * laplace
      count++
    }
  if (count === 0) return 0
  const variance = squares / count - (sum / count) ** 2
  return variance < 1 ? 0 : (laplaceSquares / count - (laplaceSum / count) ** 2) / variance
}

function measureTone(luma: Float32Array, mask: Uint8Array | null): { mean: number; dark: number; light: number } {
  let [sum, dark, light, count] = [0, 0, 0, 0]
  for (let i = 0; i < luma.length; i++) {
    if (mask && mask[i] === 0) continue
    const value = luma[i] ?? 0
    sum += value
    if (value <= 3) dark++
    if (value >= 252) light++
    count++
  }
  return count === 0 ? { mean: 0, dark: 0, light: 0 } : { mean: sum / count, dark: dark / count, light: light / count }
}

/** Immerkær 1996, “Fast noise variance estimation”, as the median over blocks of 16 px: most of a product picture is flat. */
function measureNoise(luma: Float32Array, width: number, height: number): number {
  const blocks: number[] = []
  for (let top = 1; top + 16 < height; top += 16)
    for (let left = 1; left + 16 < width; left += 16) {
      let sum = 0
      for (let y = top; y < top + 16; y++)
        for (let x = left; x < left + 16; x++) {
          const at = (dx: number, dy: number) => luma[(y + dy) * width + x + dx] ?? 0
          sum += Math.abs(
            at(-1, -1) - 2 * at(0, -1) + at(1, -1) - 2 * at(-1, 0) + 4 * at(0, 0) - 2 * at(1, 0) + at(-1, 1) - 2 * at(0, 1) + at(1, 1),
          )
        }
      blocks.push((Math.sqrt(Math.PI / 2) * sum) / (6 * 256))
    }
  return blocks.length === 0 ? 0 : median(blocks)
}

function measureCast(background: readonly [number, number, number]): number | null {
  const [light = 0, a = 0, b = 0] = toOklab(Uint8Array.from(background))
  return light < 0.75 ? null : round(Math.hypot(a, b))
}

function findColour({ data }: Frame, mask: Uint8Array): string | null {
  const count = mask.reduce((sum, bit) => sum + bit, 0)
  // every n-th pixel is enough for a palette
  const step = Math.max(1, Math.floor(count / 20_000))
  const rgb = new Uint8Array(Math.ceil(count / step) * 3)
  let [seen, to] = [0, 0]
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0 || seen++ % step !== 0) continue
    rgb.set(data.subarray(i * 3, i * 3 + 3), to)
    to += 3
  }
  const shares = new Map<string, number>()
  for (const { name, share } of extractPalette(rgb.subarray(0, to))) shares.set(name, (shares.get(name) ?? 0) + share)
  return [...shares].sort((x, y) => y[1] - x[1])[0]?.[0] ?? null
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000
