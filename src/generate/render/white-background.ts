/** @file The product on pure white, made of its own pixels: cut out, scaled to fill, centred, with its shadow; and what was measured of it. */
import type { Shadow } from '../../contract/words.ts'
import type { Region } from '../../domain/product/cut-out/region.ts'
import { type Canvas, layOver, makeCanvas, type Rgba, resizeRgba } from '../../media/canvas.ts'
import type { CutOut } from './cut-product.ts'
import { type Placement, placeInSquare, takeFromMatte } from './place.ts'
import { castShadow, SHADOW_REACH } from './shadow.ts'

export interface WhiteOptions {
  /** sides of the square in pixels: at least, and at most where the product’s own pixels ask for more */
  readonly side: number
  readonly mostSide: number
  /** share of it that the product's longer side takes, 0–1 */
  readonly fill: number
  readonly shadow: Shadow
  /** where the product may lie in a square of this side, unless in all of it */
  readonly areaOf?: (side: number) => Region
}

export interface WhitePicture {
  readonly canvas: Canvas
  readonly placement: Placement
  /** the product as it was laid: to compare with, and to mark */
  readonly layer: Rgba
  readonly shadow: 'own' | 'drawn' | 'none'
}

export const WHITE = [255, 255, 255] as const

/** @returns null when there is no product to lay down */
export async function renderOnWhite(cut: CutOut, options: WhiteOptions): Promise<WhitePicture | null> {
  const areaOf = options.areaOf ?? ((side) => ({ left: 0, top: 0, width: side, height: side }))
  const placed = placeInSquare(cut.matte, { least: options.side, most: options.mostSide, fill: options.fill, areaOf })
  if (!placed) return null
  const { side, placement } = placed
  const layer = await resizeRgba(takeFromMatte(cut.matte, placement.from), placement.to.width, placement.to.height)
  const canvas = makeCanvas(side, side, WHITE)
  const shadow = await castShadow(canvas, options.shadow, { matte: cut.matte, own: cut.shadow, placement, layer }, cut.picture)
  layOver(canvas, layer, placement.to.left, placement.to.top)
  return { canvas, placement, layer, shadow }
}

/** Pixels outside the product's box and its shadow's reach that are not exactly 255, 255, 255: the rule allows none. */
export function countNotWhite(canvas: Canvas, { to }: Placement): number {
  const reach = Math.round(SHADOW_REACH * Math.max(to.width, to.height)) + 1
  let notWhite = 0
  for (let y = 0; y < canvas.height; y++) {
    const isBeside = y < to.top - reach || y >= to.top + to.height + reach
    for (let x = 0; x < canvas.width; x++) {
      if (!isBeside && x >= to.left - reach && x < to.left + to.width + reach) continue
      const at = (y * canvas.width + x) * 3
      if (canvas.data[at] !== 255 || canvas.data[at + 1] !== 255 || canvas.data[at + 2] !== 255) notWhite++
    }
  }
  return notWhite
}

/** @returns the share of the side the product's longer side takes, 0–1, and how far its middle lies from the canvas', pixels */
export function measurePlace(canvas: Canvas, { to }: Placement): { readonly fill: number; readonly offCentre: number } {
  return {
    fill: Math.max(to.width / canvas.width, to.height / canvas.height),
    offCentre: Math.max(Math.abs(to.left + to.width / 2 - canvas.width / 2), Math.abs(to.top + to.height / 2 - canvas.height / 2)),
  }
}

/** Measured on the finished picture, not taken from how it was made. */
export const measureWhite = (canvas: Canvas, placement: Placement) => ({
  notWhite: countNotWhite(canvas, placement),
  ...measurePlace(canvas, placement),
})
