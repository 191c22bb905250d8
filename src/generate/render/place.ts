/** @file Where the product lies in the new picture: cut to its own box, scaled to fill a share of the canvas, in the middle. Pure. */
import { findBox } from '../../domain/cut-out/cut-out.ts'
import type { Matte, Region } from '../../domain/cut-out/matte.ts'

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

/**
 * @param fill share of the canvas' side that the product's longer side takes, 0–1
 * @param area where in the canvas it may lie; the whole canvas unless told
 * @returns null when the matte is empty
 */
export function placeProduct(matte: Matte, area: Region, fill: number): Placement | null {
  const alpha = new Uint8Array(matte.width * matte.height)
  for (let i = 0; i < alpha.length; i++) alpha[i] = matte.rgba[i * 4 + 3] as number
  const from = findBox(alpha, matte.width, matte.height, INK)
  if (!from) return null
  const scale = Math.min((area.width * fill) / from.width, (area.height * fill) / from.height)
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

/** The part of a matte in a box, as pixels of its own. */
export function cropMatte(matte: Matte, box: Region): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(box.width * box.height * 4)
  for (let y = 0; y < box.height; y++) {
    const from = ((y + box.top) * matte.width + box.left) * 4
    data.set(matte.rgba.subarray(from, from + box.width * 4), y * box.width * 4)
  }
  return { width: box.width, height: box.height, data }
}
