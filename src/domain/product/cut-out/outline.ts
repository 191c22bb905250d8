/** @file Where a product is in a picture, at working size: what a cutter finds, and what its edges are refined from at any size. */
import type { Backdrop } from './backdrop.ts'
import type { Guide } from './guided-filter.ts'
import type { Region } from './region.ts'

export interface Outline {
  readonly width: number
  readonly height: number
  /** [height × width] how much of each pixel is product, 0–255, of the whole picture */
  readonly alpha: Uint8Array
  /** what lies behind it, and what edges are mixed with */
  readonly backdrop: Backdrop
  /**
   * null: the background is plain, so an edge pixel lies on the line between its colour and the product’s.
   * Else alpha follows the picture’s own edges by these coefficients.
   */
  readonly guide: Guide | null
}

/** Alpha from which a working pixel counts when the product’s box is measured. */
const PRODUCT_FROM = 128
/** Transparent rim around the product, in shares of the picture's long side. */
const MARGIN = 0.01

/** Smallest box around what is at least `from`; null when nothing is. */
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

/** Longer side of the product in shares of the picture’s longer side, 0–1, as far as the outline tells. */
export function measureLength({ alpha, width, height }: Outline): number {
  const box = findBox(alpha, width, height, PRODUCT_FROM)
  return box ? Math.max(box.width, box.height) / Math.max(width, height) : 0
}

/** The part of a picture of this size that holds the product with a rim around it; null when the outline is empty. */
export function regionOf({ alpha, width, height }: Outline, size: { readonly width: number; readonly height: number }): Region | null {
  const box = findBox(alpha, width, height, PRODUCT_FROM)
  if (!box) return null
  const scale = size.width / width
  const margin = Math.ceil(MARGIN * Math.max(size.width, size.height)) + 2
  const left = Math.max(0, Math.floor(box.left * scale) - margin)
  const top = Math.max(0, Math.floor(box.top * scale) - margin)
  return {
    left,
    top,
    width: Math.min(size.width, Math.ceil((box.left + box.width) * scale) + margin) - left,
    height: Math.min(size.height, Math.ceil((box.top + box.height) * scale) + margin) - top,
  }
}
