/** @file Pure geometry of faces: five points from 68, the turn that makes a face upright, and cutting a crop along it. */
import type { Point } from '../../domain/geometry.ts'
import type { Pixels } from '../../media/picture.ts'

/** From crop pixels to picture pixels: x' = a·x − b·y + tx, y' = b·x + a·y + ty (turn, scale, shift; no shear). */
export interface Turn {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

/** Where dlib's mean face has eyes, nose tip and mouth corners, in a unit square (from its 68-point mean shape). */
const MEAN_FACE: readonly Point[] = [
  { x: 0.22549, y: 0.21599 },
  { x: 0.75476, y: 0.21599 },
  { x: 0.490127, y: 0.628106 },
  { x: 0.254149, y: 0.780233 },
  { x: 0.726104, y: 0.780233 },
]
/** dlib cuts a quarter of the face's size more on each side; its network was trained on such crops. */
export const DLIB_MARGIN = 0.25

/** @param points68 in any unit. @returns left eye, right eye, nose tip, left and right mouth corner, in the same unit */
export function pickFivePoints(points68: readonly Point[]): Point[] {
  const mean = (from: number, to: number): Point => {
    const part = points68.slice(from, to)
    return { x: part.reduce((sum, p) => sum + p.x, 0) / part.length, y: part.reduce((sum, p) => sum + p.y, 0) / part.length }
  }
  return [mean(36, 42), mean(42, 48), mean(33, 34), mean(48, 49), mean(54, 55)]
}

/**
 * The turn from dlib's upright crop of `side` px to the face whose five points are given.
 * @param margin how much more than the mean face the crop shows on each side, in face sizes
 */
export function findFaceTurn(points: readonly Point[], side: number, margin = DLIB_MARGIN): Turn {
  return findTurn(
    MEAN_FACE.map((p) => ({ x: ((p.x + margin) / (1 + 2 * margin)) * side, y: ((p.y + margin) / (1 + 2 * margin)) * side })),
    points,
  )
}

/** The turn that takes the points of a crop (`target`, pixels) to `points` (pixels of the picture), by least squares (Umeyama without mirroring). */
export function findTurn(target: readonly Point[], points: readonly Point[]): Turn {
  const centre = (list: readonly Point[]): Point => ({
    x: list.reduce((sum, p) => sum + p.x, 0) / list.length,
    y: list.reduce((sum, p) => sum + p.y, 0) / list.length,
  })
  const from = centre(target)
  const to = centre(points)
  let dot = 0
  let cross = 0
  let norm = 0
  target.forEach((p, index) => {
    const q = points[index] ?? to
    const [px, py, qx, qy] = [p.x - from.x, p.y - from.y, q.x - to.x, q.y - to.y]
    dot += px * qx + py * qy
    cross += px * qy - py * qx
    norm += px * px + py * py
  })
  const a = dot / norm
  const b = cross / norm
  return { a, b, tx: to.x - (a * from.x - b * from.y), ty: to.y - (b * from.x + a * from.y) }
}

/** The turn for an upright square crop, `side` px wide in the crop and `size` px in the picture. */
export function squareTurn(left: number, top: number, size: number, side: number): Turn {
  return { a: size / side, b: 0, tx: left, ty: top }
}

/** [side,side,3] float32 0–255: bilinear, averaged where the crop is smaller than what it shows; the border repeats outside the picture. */
export function cutCrop(pixels: Pixels, turn: Turn, side: number): Float32Array {
  const { width, height, data } = pixels
  const out = new Float32Array(side * side * 3)
  const scale = Math.hypot(turn.a, turn.b)
  const taps = Math.min(4, Math.max(1, Math.round(scale))) // samples per side of a crop pixel
  const weight = 1 / (taps * taps)
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const target = (row * side + column) * 3
      for (let tap = 0; tap < taps * taps; tap++) {
        const cx = column + ((tap % taps) + 0.5) / taps
        const cy = row + (Math.floor(tap / taps) + 0.5) / taps
        const x = Math.min(width - 1, Math.max(0, turn.a * cx - turn.b * cy + turn.tx - 0.5))
        const y = Math.min(height - 1, Math.max(0, turn.b * cx + turn.a * cy + turn.ty - 0.5))
        const x0 = Math.floor(x)
        const y0 = Math.floor(y)
        const x1 = Math.min(width - 1, x0 + 1)
        const y1 = Math.min(height - 1, y0 + 1)
        const fx = x - x0
        const fy = y - y0
        for (let channel = 0; channel < 3; channel++) {
          const top = (data[(y0 * width + x0) * 3 + channel] ?? 0) * (1 - fx) + (data[(y0 * width + x1) * 3 + channel] ?? 0) * fx
          const bottom = (data[(y1 * width + x0) * 3 + channel] ?? 0) * (1 - fx) + (data[(y1 * width + x1) * 3 + channel] ?? 0) * fx
          out[target + channel] = (out[target + channel] ?? 0) + (top * (1 - fy) + bottom * fy) * weight
        }
      }
    }
  return out
}
