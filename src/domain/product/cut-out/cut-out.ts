/** @file Finds a product on a plain background without any model, and says how sure that is; its edges are made from it (`matte.ts`). */
import { toOklab } from '../../colour/oklab.ts'
import { makeBackdrop } from './backdrop.ts'
import type { Outline } from './outline.ts'
import { distanceTo } from './planes.ts'
import { segment } from './segment.ts'
import { measureShadow, type ShadowPlane } from './shadow.ts'

/** Interleaved 8-bit sRGB, rows from the top. */
export interface Rgb {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export interface PlainOutline {
  /** null when nothing stands out from the background */
  readonly outline: Outline | null
  /** the shadow the product threw, of the whole picture */
  readonly shadow: ShadowPlane
  /** 0–1: how plain the background is, less where the product lies on the picture's border; below SURE_ENOUGH not to be trusted */
  readonly sureness: number
}

/** Chosen by eye over 130 product pictures: studio shots score above .7, quilts, hands and rooms below. */
export const SURE_ENOUGH = 0.65

/** Long side at which the outline is found; its lengths are tuned for it. */
export const OUTLINE_SIDE = 1200

/** @param small the picture at most OUTLINE_SIDE px */
export function findPlainOutline(small: Rgb): PlainOutline {
  const { width, height } = small
  const lab = toOklab(small.data)
  const { product, surface, model, touching } = segment(lab, width, height)
  const sureness = model.plainness * Math.max(0, 1 - 2 * touching)
  const shadow = measureShadow(lab, surface, product, width, height, model.noise)
  if (!product.includes(1)) return { outline: null, shadow, sureness }
  // what is surely background: not the product, nor the pixels its edge mixes with
  const away = distanceTo(product, width, height, 8)
  const sure = Uint8Array.from(away, (distance) => (distance > 2.5 ? 1 : 0))
  const backdrop = makeBackdrop(small.data, width, height, sure)
  return { outline: { width, height, alpha: product.map((inside) => (inside ? 255 : 0)), backdrop, guide: null }, shadow, sureness }
}
