/** @file Cuts a face with its surroundings from the size of the picture that suits it, and finds the way back. Pure but for scaling. */
import type { Box, Point } from '../../domain/geometry.ts'
import type { Picture, Pixels } from '../../media/picture.ts'

export interface RegionRules {
  /** sizes of the picture (long side) that are there anyway */
  readonly levels: readonly number[]
  /** the region is cut from the smallest of them in which the face is this wide, or the base */
  readonly facePx: number
  /** the region’s side in face sizes */
  readonly size: number
}

export interface FaceRegion {
  readonly pixels: Pixels
  /** the face in pixels of the region */
  readonly face: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** Where a point of the region lies in the picture, in fractions. */
  toPicture(point: Point): Point
  /** Where a point of the picture (fractions) lies in the region, in pixels. */
  fromPicture(point: Point): Point
}

export async function cutFaceRegion(picture: Picture, box: Box, { levels, facePx, size }: RegionRules): Promise<FaceRegion> {
  const faceShare = Math.max((box.width * picture.base.width) / Math.max(picture.base.width, picture.base.height), 1e-6)
  const level = levels.find((side) => side >= facePx / faceShare)
  const source = level === undefined ? picture.base : await picture.fit(level)
  const face = { x: box.x * source.width, y: box.y * source.height, width: box.width * source.width, height: box.height * source.height }
  const side = Math.max(face.width, face.height) * size
  const left = Math.min(source.width - 1, Math.max(0, Math.floor(face.x + face.width / 2 - side / 2)))
  const top = Math.min(source.height - 1, Math.max(0, Math.floor(face.y + face.height / 2 - side / 2)))
  const right = Math.min(source.width, Math.max(left + 1, Math.ceil(face.x + face.width / 2 + side / 2)))
  const bottom = Math.min(source.height, Math.max(top + 1, Math.ceil(face.y + face.height / 2 + side / 2)))
  return {
    pixels: cutPixels(source, left, top, right - left, bottom - top),
    face: { ...face, x: face.x - left, y: face.y - top },
    toPicture: ({ x, y }) => ({ x: (left + x) / source.width, y: (top + y) / source.height }),
    fromPicture: ({ x, y }) => ({ x: x * source.width - left, y: y * source.height - top }),
  }
}

function cutPixels(source: Pixels, left: number, top: number, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * source.width + left) * 3
    data.set(source.data.subarray(from, from + width * 3), row * width * 3)
  }
  return { width, height, channels: 3, data }
}

/** Pixels that may cross to a thread: a view on a larger buffer would be cloned with all of it. */
export function ownPixels(pixels: Pixels): Pixels {
  const isWhole = pixels.data.byteLength === pixels.data.buffer.byteLength
  return { width: pixels.width, height: pixels.height, channels: 3, data: isWhole ? pixels.data : Uint8Array.from(pixels.data) }
}
