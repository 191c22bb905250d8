/** @file What a network’s mask says of a picture: the outline at working size, how it follows the picture’s edges, how undecided it is. */
import { makeBackdrop } from './backdrop.ts'
import type { Rgb } from './cut-out.ts'
import { makeGuide } from './guided-filter.ts'
import type { Outline } from './outline.ts'

/** The whole picture squashed to another shape. */
interface Mask {
  readonly width: number
  readonly height: number
  /** [height × width] 0–255 */
  readonly alpha: Uint8Array
}

const IN_FROM = 230
const OUT_TO = 25
/** 9 pixels of 800 are 45 of 4000. */
const MIN_RADIUS = 4
/** A product smaller than this share of the picture is a speck. */
const MIN_SHARE = 0.0005

/**
 * @param small the picture at working size @param tiny the picture at GUIDE_SIDE
 * @returns undecided: pixels that are neither in nor out, per pixel that is more in than out
 */
export function readMask(mask: Mask, small: Rgb, tiny: Rgb): { outline: Outline | null; undecided: number } {
  const alpha = resample(mask, small.width, small.height)
  let product = 0
  let between = 0
  for (let i = 0; i < alpha.length; i++) {
    const value = alpha[i] as number
    if (value >= 128) product++
    if (value > OUT_TO && value < IN_FROM) between++
    else alpha[i] = value <= OUT_TO ? 0 : 255
  }
  if (product < MIN_SHARE * alpha.length) return { outline: null, undecided: 1 }
  const background = Uint8Array.from(alpha, (value) => (value === 0 ? 1 : 0))
  const backdrop = makeBackdrop(small.data, small.width, small.height, background)
  const rough = Float32Array.from(resample(mask, tiny.width, tiny.height), (value) => value / 255)
  // a network’s pixel is half known
  const radius = Math.max(MIN_RADIUS, Math.ceil((2 * Math.max(tiny.width, tiny.height)) / Math.min(mask.width, mask.height)))
  const guide = makeGuide(tiny.data, rough, tiny.width, tiny.height, radius)
  return { outline: { width: small.width, height: small.height, alpha, backdrop, guide }, undecided: between / product }
}

/** Bilinear. */
function resample({ width, height, alpha }: Mask, toWidth: number, toHeight: number): Uint8Array {
  const out = new Uint8Array(toWidth * toHeight)
  const read = (x: number, y: number) => alpha[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))] as number
  for (let y = 0; y < toHeight; y++) {
    const cy = ((y + 0.5) * height) / toHeight - 0.5
    const top = Math.floor(cy)
    const wy = cy - top
    for (let x = 0; x < toWidth; x++) {
      const cx = ((x + 0.5) * width) / toWidth - 0.5
      const left = Math.floor(cx)
      const wx = cx - left
      const upper = read(left, top) * (1 - wx) + read(left + 1, top) * wx
      const lower = read(left, top + 1) * (1 - wx) + read(left + 1, top + 1) * wx
      out[y * toWidth + x] = Math.round(upper * (1 - wy) + lower * wy)
    }
  }
  return out
}
