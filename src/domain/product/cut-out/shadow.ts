/** @file The shadow a product threw on its background: how much darker than the surface each place is, so that it can fall on white. */
import { boxMean, distanceTo } from './planes.ts'

export interface ShadowPlane {
  readonly width: number
  readonly height: number
  /** [height × width] 0: none, 255: black */
  readonly darkness: Uint8Array
}

/** Further from the product than this share of the picture's long side, nothing is its shadow; it fades out before. */
const REACH = 0.08
/** Deeper is no shadow but something else that stands there. */
const DEEPEST = 0.5

/**
 * @param lab, surface [height × width × 3] OKLab of the picture and of its background without shadows
 * @param noise of the background; what is not darker than it is no shadow
 */
export function measureShadow(
  lab: Float32Array,
  surface: Float32Array,
  product: Uint8Array,
  width: number,
  height: number,
  noise: number,
): ShadowPlane {
  const reach = REACH * Math.max(width, height)
  const away = distanceTo(product, width, height, reach + 1)
  const darkness = new Float32Array(product.length)
  const weight = new Float32Array(product.length)
  for (let i = 0; i < product.length; i++) {
    const distance = away[i] as number
    // the outermost pixels of the product's edge are mixed with it
    if (product[i] || distance < 2 || distance > reach) continue
    const full = surface[i * 3] as number
    const ratio = full > 0.05 ? encode(lab[i * 3] as number) / encode(full) : 1
    const fade = Math.min(1, 2 * (1 - distance / reach))
    const depth = Math.max(0, 1 - ratio - 2.5 * noise - 0.012)
    darkness[i] = depth > DEEPEST ? 0 : depth * fade
    weight[i] = 1
  }
  // grain of the background is no shadow; what lies under the product's own edge is filled from beside it
  const sums = boxMean(darkness, width, height, 2)
  const counts = boxMean(weight, width, height, 2)
  const plane = new Uint8Array(product.length)
  for (let i = 0; i < plane.length; i++)
    plane[i] = (counts[i] as number) > 0 ? Math.round((255 * (sums[i] as number)) / (counts[i] as number)) : 0
  return { width, height, darkness: plane }
}

/** sRGB value 0–1 of a grey of this OKLab lightness. */
function encode(lightness: number): number {
  const linear = Math.max(0, lightness) ** 3
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
}
