/** @file Rectangles at any angle: convex hull, smallest enclosing rectangle, corners. Pixels, y down. */
import type { Point } from '../../../domain/geometry.ts'

/**
 * A rectangle with a reading direction. `angle` (radians, clockwise on the screen because y points down) is the direction of its `width`
 * axis: text runs along it, lines follow each other along the `height` axis, which lies a quarter turn further.
 */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly angle: number
}

/** Start-top, end-top, end-bottom, start-bottom in reading direction. */
export function listCorners(r: Rectangle): [Point, Point, Point, Point] {
  const ux = (Math.cos(r.angle) * r.width) / 2
  const uy = (Math.sin(r.angle) * r.width) / 2
  const vx = (-Math.sin(r.angle) * r.height) / 2
  const vy = (Math.cos(r.angle) * r.height) / 2
  return [
    { x: r.x - ux - vx, y: r.y - uy - vy },
    { x: r.x + ux - vx, y: r.y + uy - vy },
    { x: r.x + ux + vx, y: r.y + uy + vy },
    { x: r.x - ux + vx, y: r.y - uy + vy },
  ]
}

/** The part of a rectangle between two places along its reading direction (0 = start, 1 = end). */
export function cutAlong(r: Rectangle, from: number, to: number): Rectangle {
  const shift = ((from + to) / 2 - 0.5) * r.width
  return {
    x: r.x + Math.cos(r.angle) * shift,
    y: r.y + Math.sin(r.angle) * shift,
    width: (to - from) * r.width,
    height: r.height,
    angle: r.angle,
  }
}

/** The same area read a number of quarter turns further clockwise. */
export function turnReading(r: Rectangle, quarters: number): Rectangle {
  const isSwapped = quarters % 2 !== 0
  return {
    ...r,
    width: isSwapped ? r.height : r.width,
    height: isSwapped ? r.width : r.height,
    angle: r.angle + (quarters * Math.PI) / 2,
  }
}

/** Convex hull by Andrew's monotone chain; `points` as x0, y0, x1, y1, … sorted by y, then x. */
export function findHull(points: readonly number[]): number[] {
  const count = points.length / 2
  if (count < 3) return [...points]
  const at = (i: number): [number, number] => [points[i * 2] ?? 0, points[i * 2 + 1] ?? 0]
  const walk = (order: (i: number) => number): number[] => {
    const chain: number[] = []
    for (let i = 0; i < count; i++) {
      const [x, y] = at(order(i))
      while (chain.length >= 4) {
        const bx = chain[chain.length - 2] ?? 0
        const by = chain[chain.length - 1] ?? 0
        const ax = chain[chain.length - 4] ?? 0
        const ay = chain[chain.length - 3] ?? 0
        if ((bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0) break
        chain.length -= 2
      }
      chain.push(x, y)
    }
    chain.length -= 2
    return chain
  }
  return [...walk((i) => i), ...walk((i) => count - 1 - i)]
}

/** The smallest rectangle around a hull, its angle in (-45°, 45°]; one of its sides lies on a side of the hull. */
export function encloseHull(hull: readonly number[]): Rectangle {
  const count = hull.length / 2
  let best = encloseAtAngle(hull, 0)
  for (let i = 0; i < count; i++) {
    const j = (i + 1) % count
    const dx = (hull[j * 2] ?? 0) - (hull[i * 2] ?? 0)
    const dy = (hull[j * 2 + 1] ?? 0) - (hull[i * 2 + 1] ?? 0)
    if (dx === 0 || dy === 0) continue // the axis-parallel case is already there
    const rectangle = encloseAtAngle(hull, foldAngle(Math.atan2(dy, dx)))
    if (rectangle.width * rectangle.height < best.width * best.height) best = rectangle
  }
  return best
}

/** The smallest rectangle around points that has this angle. */
export function encloseAtAngle(points: readonly number[], angle: number): Rectangle {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  let minU = Infinity
  let maxU = -Infinity
  let minV = Infinity
  let maxV = -Infinity
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i] ?? 0
    const y = points[i + 1] ?? 0
    const u = x * cos + y * sin
    const v = -x * sin + y * cos
    if (u < minU) minU = u
    if (u > maxU) maxU = u
    if (v < minV) minV = v
    if (v > maxV) maxV = v
  }
  const u = (minU + maxU) / 2
  const v = (minV + maxV) / 2
  return { x: u * cos - v * sin, y: u * sin + v * cos, width: maxU - minU, height: maxV - minV, angle }
}

/** The angle brought into (-45°, 45°] by quarter turns. */
function foldAngle(angle: number): number {
  const quarter = Math.PI / 2
  const folded = angle - Math.round(angle / quarter) * quarter
  return folded <= -quarter / 2 ? folded + quarter : folded
}
