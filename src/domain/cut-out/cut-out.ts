/** @file Cuts a product out of a picture with a plain background, without any model: outline, soft edges, clean colours, and how sure it is. */
import { toOklab } from '../oklab.ts'
import { makeBackdrop } from './backdrop.ts'
import { cutMatte, type Matte, type Region } from './matte.ts'
import { distanceTo } from './planes.ts'
import { segment } from './segment.ts'
import { measureShadow, type ShadowPlane } from './shadow.ts'

/** Interleaved 8-bit sRGB, rows from the top. */
export interface Rgb {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export interface PlainCutOut {
  /** the product alone, in pixels of the full picture; null when nothing stands out from the background */
  readonly matte: Matte | null
  /** the shadow the product threw, of the whole picture */
  readonly shadow: ShadowPlane
  /** 0–1: how plain the background is, less where the product lies on the picture's border; below SURE_ENOUGH not to be trusted */
  readonly sureness: number
}

/** Chosen by eye over 130 product pictures: studio shots score above .7, quilts, hands and rooms below. */
export const SURE_ENOUGH = 0.65

/** Long side at which the outline is found; its lengths are tuned for it. */
export const OUTLINE_SIDE = 1200
/** Transparent rim around the product, in shares of the picture's long side. */
const MARGIN = 0.01

/**
 * @param full the picture at the size to cut from @param small the same at most OUTLINE_SIDE px; may be the same object
 */
export function cutOutPlain(full: Rgb, small: Rgb): PlainCutOut {
  const lab = toOklab(small.data)
  const { product, surface, model, touching } = segment(lab, small.width, small.height)
  const sureness = model.plainness * Math.max(0, 1 - 2 * touching)
  const shadow = measureShadow(lab, surface, product, small.width, small.height, model.noise)
  const box = findBox(product, small.width, small.height)
  if (!box) return { matte: null, shadow, sureness }
  // what is surely background: not the product, nor the pixels its edge mixes with
  const away = distanceTo(product, small.width, small.height, 8)
  const sure = Uint8Array.from(away, (distance) => (distance > 2.5 ? 1 : 0))
  const backdrop = makeBackdrop(small.data, small.width, small.height, sure)
  const matte = cutMatte(full, { mask: product, width: small.width, height: small.height }, backdrop, toRegion(box, small, full))
  return { matte, shadow, sureness }
}

/** Smallest box around what is set; null when nothing is. */
export function findBox(mask: Uint8Array, width: number, height: number, from = 1): Region | null {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if ((mask[y * width + x] as number) >= from) {
        if (x < left) left = x
        if (x > right) right = x
        if (y < top) top = y
        bottom = y
      }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

function toRegion(box: Region, small: Rgb, full: Rgb): Region {
  const scale = full.width / small.width
  const margin = Math.ceil(MARGIN * Math.max(full.width, full.height)) + 2
  const left = Math.max(0, Math.floor(box.left * scale) - margin)
  const top = Math.max(0, Math.floor(box.top * scale) - margin)
  return {
    left,
    top,
    width: Math.min(full.width, Math.ceil((box.left + box.width) * scale) + margin) - left,
    height: Math.min(full.height, Math.ceil((box.top + box.height) * scale) + margin) - top,
  }
}
