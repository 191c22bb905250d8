/**
 * @file Alpha that follows the picture’s own edges: the guided filter with a colour guide (He, Sun, Tang 2013), its coefficients
 * reckoned on a small picture and read between for a large one (He and Sun 2015, “Fast Guided Filter”).
 */
import { boxMean } from './planes.ts'

/** alpha = ax·red + ay·green + az·blue + b, with colours 0–1; read between the cells. */
export interface Guide {
  readonly width: number
  readonly height: number
  /** [4 × height × width]: the three slopes, then the offset */
  readonly planes: readonly [Float32Array, Float32Array, Float32Array, Float32Array]
}

/** Long side of the small picture. */
export const GUIDE_SIDE = 800
/** Colour differences below this (0–1, squared) are no edge: He’s own value for matting feathers. */
const EPSILON = 1e-4

/** @param rgb [height × width × 3] the small picture @param alpha [height × width] 0–1 @param radius of the window, pixels: wider than alpha may be wrong */
export function makeGuide(rgb: Uint8Array, alpha: Float32Array, width: number, height: number, radius: number): Guide {
  const size = width * height
  const channel = (at: number) => Float32Array.from({ length: size }, (_, i) => (rgb[i * 3 + at] as number) / 255)
  const mean = (plane: Float32Array) => boxMean(plane, width, height, radius)
  const colours = [channel(0), channel(1), channel(2)] as const
  const meanOf = colours.map(mean) as [Float32Array, Float32Array, Float32Array]
  const meanAlpha = mean(alpha)
  /** mean of the product less the product of the means */
  const covary = (one: Float32Array, other: Float32Array, meanOne: Float32Array, meanOther: Float32Array) => {
    const out = mean(one.map((value, i) => value * (other[i] as number)))
    for (let i = 0; i < size; i++) out[i] = (out[i] as number) - (meanOne[i] as number) * (meanOther[i] as number)
    return out
  }
  const withAlpha = [0, 1, 2].map((c) => covary(colours[c as 0], alpha, meanOf[c as 0], meanAlpha))
  const pairs = [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 2],
  ] as const
  const among = pairs.map(([one, other]) => covary(colours[one], colours[other], meanOf[one], meanOf[other]))
  const slopes = [new Float32Array(size), new Float32Array(size), new Float32Array(size)] as const
  const offset = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const [rr, rg, rb, gg, gb, bb] = among.map((plane) => plane[i] as number) as [number, number, number, number, number, number]
    const [r, g, b] = [rr + EPSILON, gg + EPSILON, bb + EPSILON]
    const [x, y, z] = withAlpha.map((plane) => plane[i] as number) as [number, number, number]
    // inverse of the symmetric 3 × 3 by its cofactors; EPSILON keeps the determinant above 0
    const c00 = g * b - gb * gb
    const c01 = gb * rb - rg * b
    const c02 = rg * gb - g * rb
    const determinant = r * c00 + rg * c01 + rb * c02
    const c11 = r * b - rb * rb
    const c12 = rg * rb - r * gb
    const c22 = r * g - rg * rg
    const a = [
      (c00 * x + c01 * y + c02 * z) / determinant,
      (c01 * x + c11 * y + c12 * z) / determinant,
      (c02 * x + c12 * y + c22 * z) / determinant,
    ]
    let rest = meanAlpha[i] as number
    for (const c of [0, 1, 2] as const) {
      slopes[c][i] = a[c] as number
      rest -= (a[c] as number) * (meanOf[c][i] as number)
    }
    offset[i] = rest
  }
  return { width, height, planes: [mean(slopes[0]), mean(slopes[1]), mean(slopes[2]), mean(offset)] }
}

/** Alpha 0–1 of a pixel with this colour (0–255) at a place in fractions of the picture. */
export function alphaAt({ width, height, planes }: Guide, fx: number, fy: number, red: number, green: number, blue: number): number {
  const x = Math.min(width - 1, Math.max(0, fx * width - 0.5))
  const y = Math.min(height - 1, Math.max(0, fy * height - 0.5))
  const left = Math.floor(x)
  const top = Math.floor(y)
  const right = Math.min(width - 1, left + 1)
  const bottom = Math.min(height - 1, top + 1)
  const wx = x - left
  const wy = y - top
  const read = (plane: Float32Array) =>
    ((plane[top * width + left] as number) * (1 - wx) + (plane[top * width + right] as number) * wx) * (1 - wy) +
    ((plane[bottom * width + left] as number) * (1 - wx) + (plane[bottom * width + right] as number) * wx) * wy
  const alpha = (read(planes[0]) * red + read(planes[1]) * green + read(planes[2]) * blue) / 255 + read(planes[3])
  return Math.min(1, Math.max(0, alpha))
}
