/** @file Where the product lies in the new picture: cut to its own box, scaled to fill a share of the canvas, in the middle, or where a model drew it. */
import type { Matte } from '../../domain/product/cut-out/matte.ts'
import type { Region } from '../../domain/product/cut-out/region.ts'
import { type Rgba, resizeRgba, turnRgba } from '../../media/canvas.ts'
import type { Similarity } from '../align-product.ts'

/** Alpha from which a pixel counts as product when its box is measured. */
const INK = 24

export interface Placement {
  /** box of the product in the matte, pixels */
  readonly from: Region
  /** box of the product in the new picture, pixels */
  readonly to: Region
  /** new pixels per pixel of the picture it was cut from; above 1 it was enlarged */
  readonly scale: number
}

/** A product this near to its own size, in pixels of its longer side, keeps its own pixels. */
const NEARLY = 2

/**
 * @param fill share of the canvas' side that the product's longer side takes, 0–1
 * @param area where in the canvas it may lie; the whole canvas unless told
 * @returns null when the matte is empty
 */
export function placeProduct(matte: Matte, area: Region, fill: number): Placement | null {
  const from = findInk(matte)
  return from && placeBox(from, area, fill)
}

function placeBox(from: Region, area: Region, fill: number): Placement {
  const fitting = Math.min((area.width * fill) / from.width, (area.height * fill) / from.height)
  const scale = Math.abs(fitting - 1) * Math.max(from.width, from.height) < NEARLY ? 1 : fitting
  const width = Math.max(1, Math.round(from.width * scale))
  const height = Math.max(1, Math.round(from.height * scale))
  const to = {
    left: area.left + Math.round((area.width - width) / 2),
    top: area.top + Math.round((area.height - height) / 2),
    width,
    height,
  }
  return { from, to, scale }
}

export interface Square {
  /** least and most sides in pixels */
  readonly least: number
  readonly most: number
  readonly fill: number
  /** where in a square of this side the product may lie */
  readonly areaOf: (side: number) => Region
}

/** The square in which the product keeps its own pixels; where its limits do not allow that, the product is scaled. */
export function placeInSquare(matte: Matte, { least, most, fill, areaOf }: Square): { side: number; placement: Placement } | null {
  const from = findInk(matte)
  if (!from) return null
  const small = placeBox(from, areaOf(least), fill)
  if (small.scale >= 1) return { side: least, placement: small }
  const side = Math.min(most, Math.ceil(least / small.scale))
  return { side, placement: placeBox(from, areaOf(side), fill) }
}

function findInk({ rgba, width, height }: Matte): Region | null {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if ((rgba[(y * width + x) * 4 + 3] as number) < INK) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

/** The part of a matte in a box, moved together in the matte’s own memory: its pixels are used up. */
export function takeFromMatte({ rgba, width }: Matte, box: Region): { width: number; height: number; data: Uint8Array } {
  for (let y = 0; y < box.height; y++) {
    const from = ((y + box.top) * width + box.left) * 4
    rgba.copyWithin(y * box.width * 4, from, from + box.width * 4)
  }
  return { width: box.width, height: box.height, data: rgba.subarray(0, box.width * box.height * 4) }
}

/** Less than this, in pixels, is not worth drawing the product’s pixels anew between others. */
const UNSEEN = 0.75

/**
 * The product at its place; where a model drew it a little elsewhere, larger, or turned, there, so that nothing of the model’s own drawing
 * shows around it.
 * @param place in pixels of the new picture; null: it stays where it was put
 */
export async function layWhereDrawn(
  product: Rgba,
  put: Placement,
  place: Similarity | null,
): Promise<{ readonly layer: Rgba; readonly placement: Placement }> {
  const { width, height, left, top } = put.to
  const reach = Math.hypot(width, height) / 2
  if (place === null || Math.hypot(place.dx, place.dy) + reach * (Math.abs(place.scale - 1) + Math.abs(place.angle)) < UNSEEN)
    return { layer: await resizeRgba(product, width, height), placement: put }
  const scaled = await resizeRgba(product, Math.max(1, Math.round(width * place.scale)), Math.max(1, Math.round(height * place.scale)))
  const layer = reach * Math.abs(place.angle) < UNSEEN ? scaled : turnRgba(scaled, place.angle)
  const to = {
    left: Math.round(left + width / 2 + place.dx - layer.width / 2),
    top: Math.round(top + height / 2 + place.dy - layer.height / 2),
    width: layer.width,
    height: layer.height,
  }
  return { layer, placement: { from: put.from, to, scale: put.scale * place.scale } }
}
