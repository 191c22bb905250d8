/** @file Turns the detector's map of text probability into rectangles around pieces of text. */

import { encloseAtAngle, encloseHull, findHull, type Rectangle } from './rectangle.ts'
import type { BlobLimits } from './tuning.ts'

/** `width × height` probabilities (0–1). Rows lie `stride` apart: the network's map is padded to multiples of 32. */
export interface TextMap {
  readonly data: Float32Array
  readonly stride: number
  readonly width: number
  readonly height: number
}

/** A piece of text as the detector saw it, in pixels of the map. */
export interface Region {
  readonly rectangle: Rectangle
  /** mean probability over its pixels */
  readonly score: number
}

interface Blob {
  readonly hull: number[]
  readonly score: number
}

/** Rectangles around connected pixels above the threshold, grown to the size of the text (the detector learns shrunk text). */
export function findRegions(map: TextMap, limits: BlobLimits & { readonly unclip: number }): Region[] {
  const blobs = findBlobs(map, limits)
  const rectangles = blobs.map((blob) => encloseHull(blob.hull))
  const tilt = findTilt(rectangles)
  const regions: Region[] = []
  for (const [i, blob] of blobs.entries()) {
    let rectangle = rectangles[i] as Rectangle
    // A short word has no clear direction of its own: it takes the page's.
    if (tilt !== null && Math.max(rectangle.width, rectangle.height) < 3 * Math.min(rectangle.width, rectangle.height)) {
      rectangle = encloseAtAngle(blob.hull, tilt)
    }
    const { width, height } = rectangle
    if (Math.min(width, height) < limits.minBlobSide) continue
    const grow = (limits.unclip * width * height) / (width + height)
    regions.push({ rectangle: { ...rectangle, width: width + grow, height: height + grow }, score: blob.score })
  }
  return regions
}

/** The angle that long pieces share, weighted by length; null without any. Folded angles wrap at ±45°, so they are averaged as 4 × angle. */
function findTilt(rectangles: readonly Rectangle[]): number | null {
  let sin = 0
  let cos = 0
  for (const r of rectangles) {
    const long = Math.max(r.width, r.height)
    if (long < 4 * Math.min(r.width, r.height)) continue
    sin += long * Math.sin(4 * r.angle)
    cos += long * Math.cos(4 * r.angle)
  }
  return sin === 0 && cos === 0 ? null : Math.atan2(sin, cos) / 4
}

/** 4-connected pixels above the threshold. 8-connected ones merge neighbouring lines of small print. */
function findBlobs(map: TextMap, limits: BlobLimits): Blob[] {
  const { data, stride, width, height } = map
  const seen = new Uint8Array(width * height)
  const stack: number[] = []
  const blobs: Blob[] = []
  for (let start = 0; start < width * height; start++) {
    const startY = Math.floor(start / width)
    if (seen[start] || (data[startY * stride + (start - startY * width)] ?? 0) <= limits.pixelThreshold) continue
    let count = 0
    let sum = 0
    // leftmost and rightmost pixel of each row: enough for the hull
    const rows = new Map<number, [number, number]>()
    seen[start] = 1
    stack.push(start)
    while (stack.length > 0) {
      const at = stack.pop() as number
      const y = Math.floor(at / width)
      const x = at - y * width
      count++
      sum += data[y * stride + x] ?? 0
      const row = rows.get(y)
      if (!row) rows.set(y, [x, x])
      else if (x < row[0]) row[0] = x
      else if (x > row[1]) row[1] = x
      if (x > 0) visit(at - 1, y * stride + x - 1)
      if (x < width - 1) visit(at + 1, y * stride + x + 1)
      if (y > 0) visit(at - width, (y - 1) * stride + x)
      if (y < height - 1) visit(at + width, (y + 1) * stride + x)
    }
    if (count < limits.minBlobPixels || sum / count < limits.blobScore) continue
    const points: number[] = []
    for (const y of [...rows.keys()].sort((a, b) => a - b)) {
      const [left, right] = rows.get(y) as [number, number]
      points.push(left, y)
      if (right !== left) points.push(right, y)
    }
    // pixel centres: half a pixel in from the left and top edge
    const hull = findHull(points).map((value) => value + 0.5)
    blobs.push({ hull, score: sum / count })
  }
  return blobs

  function visit(at: number, place: number): void {
    if (seen[at]) return
    seen[at] = 1
    if ((data[place] ?? 0) > limits.pixelThreshold) stack.push(at)
  }
}
