/** @file The product with soft edges at the size it is wanted: from the original's own pixels, not from the smaller picture that found it. */
import { cutMatte, type Matte } from '../../domain/product/cut-out/matte.ts'
import { measureLength, regionOf } from '../../domain/product/cut-out/outline.ts'
import type { FullSize } from '../../media/decode.ts'
import type { FoundOutline } from '../../models/ports/capability.ts'

export interface CutOut extends Pick<FoundOutline, 'shadow' | 'sureness' | 'isSure' | 'notice'> {
  readonly matte: Matte
  /** the whole picture in the matte's pixels */
  readonly picture: { readonly width: number; readonly height: number }
}

/** The product is a hair longer at full size than its coarse outline says. */
const OUTLINE_ERROR = 1.015

/**
 * @param longest pixels the product's longer side may take; a larger original is made smaller on the way in, a smaller one is left as it is
 * @returns null when nothing stands out
 */
export async function cutProduct(found: FoundOutline, full: FullSize, longest: number): Promise<CutOut | null> {
  const { outline, shadow, sureness, isSure, notice } = found
  if (!outline) return null
  const length = measureLength(outline) * Math.max(full.width, full.height) * OUTLINE_ERROR
  const scale = Math.min(1, longest / Math.max(1, length))
  const picture = { width: Math.max(1, Math.round(full.width * scale)), height: Math.max(1, Math.round(full.height * scale)) }
  const region = regionOf(outline, picture)
  if (!region) return null
  const { data } = await full.read(picture, region)
  return { matte: cutMatte({ ...region, picture, data }, outline), picture, shadow, sureness, isSure, notice }
}
