/**
 * @file Soft edges at any size: how much of each pixel near the outline is product, and the product's colour there without the
 * background's. On a plain background alpha is the place of a pixel's colour on the line from the background to the product's
 * colour nearby (the compositing equation, Porter and Duff 1984); elsewhere it is the guided filter's. Only a narrow band along the
 * outline is asked, tile by tile, so that the memory it takes does not grow with the picture.
 */

import { colourAt } from './backdrop.ts'
import { alphaAt } from './guided-filter.ts'
import type { Outline } from './outline.ts'
import { boxMean, distanceTo } from './planes.ts'
import type { Region } from './region.ts'

export interface Matte extends Region {
  /** [height × width × 4] straight alpha, colours cleaned of the background */
  readonly rgba: Uint8Array
}

/** A part of a picture that is `picture` large. */
export interface Part extends Region {
  readonly picture: { readonly width: number; readonly height: number }
  /** [height × width × 3] */
  readonly data: Uint8Array
}

/** Pixels of the coarse outline that may be wrong by this much, in its own pixels. */
const BAND = 1.6
/** The same where a network drew it. */
const GUIDED_BAND = 3
/** Alpha that is neither, beyond the band too: hair, glass, thin chains. */
const SOFT_FROM = 0.03
/** Share of the full contrast from which a pixel is all product: what lies beyond is the product's own variation. */
const FULL_AT = 0.8
const NONE_AT = 0.06
/** What the guided filter leaves of noise at both ends. */
const GUIDED_NONE = 0.05
const GUIDED_FULL = 0.95
/** Contrast (RGB 0–255) below which product and background look the same and only the outline itself can tell. */
const BLIND = 10
const CLEAR = 28
/** Sides of a tile. Small ones skip more of what has no edge: on 4000 × 2400 px 128 takes a third of the time of 512, 64 more again. */
const TILE = 128

/** Cuts the product out of the part; what lies outside the part is not looked at. The result does not depend on `tileSide`. */
export function cutMatte(part: Part, outline: Outline, tileSide = TILE): Matte {
  const { left, top, width, height } = part
  const rgba = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y += tileSide)
    for (let x = 0; x < width; x += tileSide) {
      const tile = { left: x, top: y, width: Math.min(tileSide, width - x), height: Math.min(tileSide, height - y) }
      const inside = allOf(outline, part, tile)
      if (inside === 'product') copy(part, tile, rgba)
      else if (inside === 'mixed') cutTile(part, outline, tile, rgba)
    }
  return { left, top, width, height, rgba }
}

/** How far around a pixel what it becomes depends on others, in pixels of the picture. */
function reaches(outline: Outline, part: Part): { band: number; window: number; halo: number } {
  const band = Math.max(2, (outline.guide ? GUIDED_BAND : BAND) * (part.picture.width / outline.width) + 0.5)
  const window = Math.ceil(band) + 1
  return { band, window, halo: window + Math.ceil(band) + 3 }
}

/** Whether a tile has no edge, by the coarse outline under it and around it. */
function allOf(outline: Outline, part: Part, tile: Region): 'product' | 'background' | 'mixed' {
  const scale = outline.width / part.picture.width
  const around = Math.ceil(reaches(outline, part).halo * scale) + 2
  const from = (start: number, low: number) => Math.max(0, Math.floor((start + low) * scale) - around)
  const to = (end: number, low: number, high: number) => Math.min(high - 1, Math.ceil((end + low) * scale) + around)
  const [x0, x1] = [from(tile.left, part.left), to(tile.left + tile.width, part.left, outline.width)]
  const [y0, y1] = [from(tile.top, part.top), to(tile.top + tile.height, part.top, outline.height)]
  const first = outline.alpha[y0 * outline.width + x0] as number
  if (first !== 0 && first !== 255) return 'mixed'
  for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) if (outline.alpha[y * outline.width + x] !== first) return 'mixed'
  return first === 255 ? 'product' : 'background'
}

function copy(part: Part, tile: Region, rgba: Uint8Array): void {
  for (let y = tile.top; y < tile.top + tile.height; y++)
    for (let x = tile.left, i = y * part.width + x; x < tile.left + tile.width; x++, i++) {
      rgba[i * 4] = part.data[i * 3] as number
      rgba[i * 4 + 1] = part.data[i * 3 + 1] as number
      rgba[i * 4 + 2] = part.data[i * 3 + 2] as number
      rgba[i * 4 + 3] = 255
    }
}

/** The tile with what lies around it, so that its edges come out as if all were done at once. */
function cutTile(part: Part, outline: Outline, tile: Region, rgba: Uint8Array): void {
  const { picture, data } = part
  const { band, window, halo } = reaches(outline, part)
  const left = Math.max(0, tile.left - halo)
  const top = Math.max(0, tile.top - halo)
  const width = Math.min(part.width, tile.left + tile.width + halo) - left
  const height = Math.min(part.height, tile.top + tile.height + halo) - top
  const size = width * height
  const soft = softenOutline(outline, picture, { left: left + part.left, top: top + part.top, width, height })
  const hard = Uint8Array.from(soft, (value) => (value >= 0.5 ? 1 : 0))
  const depth = distanceTo(
    hard.map((value) => 1 - value),
    width,
    height,
    band + 2,
  )
  const beyond = distanceTo(hard, width, height, band + 2)
  /** fractions of the picture */
  const across = (x: number) => (x + left + part.left + 0.5) / picture.width
  const down = (y: number) => (y + top + part.top + 0.5) / picture.height
  const isFar = (i: number): boolean => (beyond[i] as number) > band && (soft[i] as number) < SOFT_FROM

  const behind = new Float32Array(size * 3)
  const weight = new Float32Array(size)
  const weighted = [new Float32Array(size), new Float32Array(size), new Float32Array(size)] as const
  const colour = new Float32Array(3)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (isFar(i)) continue
      const at = ((y + top) * part.width + x + left) * 3
      colourAt(outline.backdrop, across(x), down(y), colour)
      let squared = 0
      for (let channel = 0; channel < 3; channel++) {
        behind[i * 3 + channel] = colour[channel] as number
        squared += ((data[at + channel] as number) - (colour[channel] as number)) ** 2
      }
      // pixels that differ most say what the product looks like; those that are not inside the outline at all say nothing
      const say = hard[i] ? squared : 0
      weight[i] = say
      for (const channel of [0, 1, 2] as const) weighted[channel][i] = say * (data[at + channel] as number)
    }
  const total = boxMean(weight, width, height, window)
  const means = weighted.map((plane) => boxMean(plane, width, height, window))

  const plainAlpha = (i: number, at: number, sum: number): number => {
    let along = 0
    let contrast = 0
    for (let channel = 0; channel < 3; channel++) {
      const product = sum > 0 ? (means[channel]?.[i] as number) / sum : (data[at + channel] as number)
      const towards = product - (behind[i * 3 + channel] as number)
      along += ((data[at + channel] as number) - (behind[i * 3 + channel] as number)) * towards
      contrast += towards * towards
    }
    const trust = Math.min(1, Math.max(0, (Math.sqrt(contrast) - BLIND) / (CLEAR - BLIND)))
    const seen = contrast > 0 ? Math.min(1, Math.max(0, (along / contrast - NONE_AT) / (FULL_AT - NONE_AT))) : 0
    return trust * seen + (1 - trust) * (soft[i] as number)
  }

  for (let y = tile.top - top; y < tile.top - top + tile.height; y++)
    for (let x = tile.left - left, i = y * width + x; x < tile.left - left + tile.width; x++, i++) {
      if (isFar(i)) continue
      const pixel = (y + top) * part.width + x + left
      const at = pixel * 3
      const isDeep = (depth[i] as number) > band && (soft[i] as number) > 1 - SOFT_FROM
      if (isDeep) {
        write(rgba, pixel, data[at] as number, data[at + 1] as number, data[at + 2] as number, 1)
        continue
      }
      const sum = total[i] as number
      const alpha = outline.guide
        ? stretch(alphaAt(outline.guide, across(x), down(y), data[at] as number, data[at + 1] as number, data[at + 2] as number))
        : plainAlpha(i, at, sum)
      if (alpha < 1 / 255) continue
      const clean = (channel: number): number => {
        const value = data[at + channel] as number
        if (alpha >= 1) return value
        const without = (value - (1 - alpha) * (behind[i * 3 + channel] as number)) / Math.max(alpha, 0.12)
        const near = sum > 0 ? (means[channel]?.[i] as number) / sum : value
        // thin remains amplify noise: there the colour nearby is the better guess
        const mix = Math.min(1, alpha * 1.5)
        return Math.min(255, Math.max(0, without * mix + near * (1 - mix)))
      }
      write(rgba, pixel, clean(0), clean(1), clean(2), alpha)
    }
}

const stretch = (alpha: number): number => Math.min(1, Math.max(0, (alpha - GUIDED_NONE) / (GUIDED_FULL - GUIDED_NONE)))

function write(rgba: Uint8Array, i: number, red: number, green: number, blue: number, alpha: number): void {
  rgba[i * 4] = Math.round(red)
  rgba[i * 4 + 1] = Math.round(green)
  rgba[i * 4 + 2] = Math.round(blue)
  rgba[i * 4 + 3] = Math.round(alpha * 255)
}

/** The coarse outline in a region of a picture of this size, 0–1, bilinear. */
function softenOutline(outline: Outline, picture: { readonly width: number; readonly height: number }, region: Region): Float32Array {
  const out = new Float32Array(region.width * region.height)
  const { width, height, alpha } = outline
  const read = (x: number, y: number) =>
    (alpha[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))] as number) / 255
  const same = picture.width === width && picture.height === height
  for (let y = 0, i = 0; y < region.height; y++) {
    const cy = ((y + region.top + 0.5) * height) / picture.height - 0.5
    const top = Math.floor(cy)
    const wy = cy - top
    for (let x = 0; x < region.width; x++, i++) {
      if (same) {
        out[i] = read(x + region.left, y + region.top)
        continue
      }
      const cx = ((x + region.left + 0.5) * width) / picture.width - 0.5
      const left = Math.floor(cx)
      const wx = cx - left
      out[i] =
        (read(left, top) * (1 - wx) + read(left + 1, top) * wx) * (1 - wy) +
        (read(left, top + 1) * (1 - wx) + read(left + 1, top + 1) * wx) * wy
    }
  }
  return out
}
