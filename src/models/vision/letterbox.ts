/** @file Lays a picture into the fixed shape of a network’s input, and boxes back into fractions of the picture. */
import type { Box } from '../../domain/geometry.ts'
import { clampBox } from '../../domain/geometry.ts'
import type { Picture, Pixels } from '../../media/picture.ts'

/** A network's input. */
export interface Shape {
  readonly width: number
  readonly height: number
}
/** Three fixed shapes bound the memory and leave little of each empty. */
export interface Shapes {
  readonly landscape: Shape
  readonly square: Shape
  readonly portrait: Shape
}

/** The mean colour of the pictures the networks were trained on: an edge without contrast. */
const PAD_RGB = [124, 116, 104] as const
/** Between these the square shape loses least. */
const SQUARE_ASPECT = { min: 0.87, max: 1.15 }

export function chooseShape(width: number, height: number, shapes: Shapes): Shape {
  const aspect = width / height
  if (aspect > SQUARE_ASPECT.max) return shapes.landscape
  return aspect < SQUARE_ASPECT.min ? shapes.portrait : shapes.square
}

/** The picture at the largest size that fits the shape; small pictures are enlarged, as things in them are small too. */
export function fitShape(picture: Picture, shape: Shape): Promise<Pixels> {
  const { width, height } = picture.base
  const scale = Math.min(shape.width / width, shape.height / height)
  const fitted = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
  const side = Math.max(fitted.width, fitted.height)
  return scale <= 1 ? picture.fit(side) : picture.exact(fitted.width, fitted.height, 'squash')
}

/** [h,w,3] of 0–255: the pixels in the top left corner, the rest filled. */
export function layInto(pixels: Pixels, shape: Shape): Uint8Array {
  const out = new Uint8Array(shape.width * shape.height * 3)
  const width = Math.min(pixels.width, shape.width)
  const height = Math.min(pixels.height, shape.height)
  if (width < shape.width || height < shape.height)
    for (let index = 0; index < out.length; index += 3) {
      out[index] = PAD_RGB[0]
      out[index + 1] = PAD_RGB[1]
      out[index + 2] = PAD_RGB[2]
    }
  for (let row = 0; row < height; row++) {
    const from = row * pixels.width * 3
    out.set(pixels.data.subarray(from, from + width * 3), row * shape.width * 3)
  }
  return out
}

/** @param edges left, top, right, bottom in fractions of the shape. @returns the box in fractions of the picture, cut to it */
export function toPictureBox(
  edges: readonly [number, number, number, number],
  shape: Shape,
  pixels: { width: number; height: number },
): Box {
  const [left, top, right, bottom] = edges
  const fx = shape.width / pixels.width
  const fy = shape.height / pixels.height
  return clampBox({ x: left * fx, y: top * fy, width: (right - left) * fx, height: (bottom - top) * fy })
}
