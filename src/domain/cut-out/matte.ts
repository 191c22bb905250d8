/**
 * @file Soft edges: how much of each pixel near the outline is product, and the product's colour there without the background's.
 * With the background known (it was plain), alpha is the place of a pixel's colour on the line from the background to the product's
 * colour nearby (the compositing equation, Porter and Duff 1984); only a narrow band along the outline is asked.
 */
import { type Backdrop, colourAt } from './backdrop.ts'
import { boxMean, distanceTo } from './planes.ts'

/** Part of a picture, in pixels. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}
export interface Matte extends Region {
  /** [height × width × 4] straight alpha, colours cleaned of the background */
  readonly rgba: Uint8Array
}

/** Pixels of the coarse outline that may be wrong by this much, in its own pixels. */
const BAND = 1.6
/** Share of the full contrast from which a pixel is all product: what lies beyond is the product's own variation. */
const FULL_AT = 0.8
const NONE_AT = 0.06
/** Contrast (RGB 0–255) below which product and background look the same and only the outline itself can tell. */
const BLIND = 10
const CLEAR = 28

/**
 * @param picture [height × width × 3] the whole picture at full size
 * @param product the coarse outline, at its own size
 * @param region what to cut out of the picture
 */
export function cutMatte(
  picture: { readonly data: Uint8Array; readonly width: number; readonly height: number },
  product: { readonly mask: Uint8Array; readonly width: number; readonly height: number },
  backdrop: Backdrop,
  region: Region,
): Matte {
  const { width, height } = region
  const size = width * height
  const scale = picture.width / product.width
  const soft = softenOutline(product, picture, region)
  const hard = new Uint8Array(size)
  const outside = new Uint8Array(size)
  for (let i = 0; i < size; i++) {
    hard[i] = (soft[i] as number) >= 0.5 ? 1 : 0
    outside[i] = hard[i] ? 0 : 1
  }
  const band = Math.max(2, BAND * scale + 0.5)
  const depth = distanceTo(outside, width, height, band + 2)
  const beyond = distanceTo(hard, width, height, band + 2)
  const behind = new Float32Array(size * 3)
  const weight = new Float32Array(size)
  const weighted = [new Float32Array(size), new Float32Array(size), new Float32Array(size)] as const
  const colour = new Float32Array(3)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if ((beyond[i] as number) > band) continue
      const at = ((y + region.top) * picture.width + x + region.left) * 3
      colourAt(backdrop, (x + region.left + 0.5) / picture.width, (y + region.top + 0.5) / picture.height, colour)
      let squared = 0
      for (let channel = 0; channel < 3; channel++) {
        behind[i * 3 + channel] = colour[channel] as number
        squared += ((picture.data[at + channel] as number) - (colour[channel] as number)) ** 2
      }
      // pixels that differ most say what the product looks like; those that are not inside the outline at all say nothing
      const say = hard[i] ? squared : 0
      weight[i] = say
      for (const channel of [0, 1, 2] as const) weighted[channel][i] = say * (picture.data[at + channel] as number)
    }
  const reach = Math.ceil(band) + 1
  const total = boxMean(weight, width, height, reach)
  const means = weighted.map((plane) => boxMean(plane, width, height, reach))
  const rgba = new Uint8Array(size * 4)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const at = ((y + region.top) * picture.width + x + region.left) * 3
      if ((beyond[i] as number) > band) continue
      if ((depth[i] as number) > band) {
        write(rgba, i, picture.data[at] as number, picture.data[at + 1] as number, picture.data[at + 2] as number, 1)
        continue
      }
      const sum = total[i] as number
      let along = 0
      let contrast = 0
      for (let channel = 0; channel < 3; channel++) {
        const product = sum > 0 ? (means[channel]?.[i] as number) / sum : (picture.data[at + channel] as number)
        const towards = product - (behind[i * 3 + channel] as number)
        along += ((picture.data[at + channel] as number) - (behind[i * 3 + channel] as number)) * towards
        contrast += towards * towards
      }
      const trust = Math.min(1, Math.max(0, (Math.sqrt(contrast) - BLIND) / (CLEAR - BLIND)))
      const seen = contrast > 0 ? Math.min(1, Math.max(0, (along / contrast - NONE_AT) / (FULL_AT - NONE_AT))) : 0
      const alpha = trust * seen + (1 - trust) * (soft[i] as number)
      if (alpha < 1 / 255) continue
      const clean = (channel: number): number => {
        const pixel = picture.data[at + channel] as number
        if (alpha >= 1) return pixel
        const without = (pixel - (1 - alpha) * (behind[i * 3 + channel] as number)) / Math.max(alpha, 0.12)
        const near = sum > 0 ? (means[channel]?.[i] as number) / sum : pixel
        // thin remains amplify noise: there the colour nearby is the better guess
        const mix = Math.min(1, alpha * 1.5)
        return Math.min(255, Math.max(0, without * mix + near * (1 - mix)))
      }
      write(rgba, i, clean(0), clean(1), clean(2), alpha)
    }
  return { ...region, rgba }
}

function write(rgba: Uint8Array, i: number, red: number, green: number, blue: number, alpha: number): void {
  rgba[i * 4] = Math.round(red)
  rgba[i * 4 + 1] = Math.round(green)
  rgba[i * 4 + 2] = Math.round(blue)
  rgba[i * 4 + 3] = Math.round(alpha * 255)
}

/** The coarse outline at full size, 0–1, bilinear. */
function softenOutline(
  product: { readonly mask: Uint8Array; readonly width: number; readonly height: number },
  picture: { readonly width: number; readonly height: number },
  region: Region,
): Float32Array {
  const out = new Float32Array(region.width * region.height)
  const read = (x: number, y: number) =>
    product.mask[Math.min(product.height - 1, Math.max(0, y)) * product.width + Math.min(product.width - 1, Math.max(0, x))] as number
  const same = picture.width === product.width && picture.height === product.height
  for (let y = 0, i = 0; y < region.height; y++) {
    const cy = ((y + region.top + 0.5) * product.height) / picture.height - 0.5
    const top = Math.floor(cy)
    const wy = cy - top
    for (let x = 0; x < region.width; x++, i++) {
      if (same) {
        out[i] = read(x + region.left, y + region.top)
        continue
      }
      const cx = ((x + region.left + 0.5) * product.width) / picture.width - 0.5
      const left = Math.floor(cx)
      const wx = cx - left
      out[i] =
        (read(left, top) * (1 - wx) + read(left + 1, top) * wx) * (1 - wy) +
        (read(left, top + 1) * (1 - wx) + read(left + 1, top + 1) * wx) * wy
    }
  }
  return out
}
