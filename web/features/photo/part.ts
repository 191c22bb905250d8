/** @file A part of the picture, drawn by pointer or moved by keys, in fractions of it. Pure. */
import type { Box, Point } from '../../../src/domain/geometry.ts'

/** The API takes no smaller part; a click by mistake is none either. */
export const LEAST = 0.02

/** Where one begins who draws none: the middle half. */
export const MIDDLE: Box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 }

const within = (value: number): number => Math.min(1, Math.max(0, value))

/** From one corner to the opposite one, in any direction; never beyond the picture. */
export function spanBox(from: Point, to: Point): Box {
  const [left, right] = [within(Math.min(from.x, to.x)), within(Math.max(from.x, to.x))]
  const [top, bottom] = [within(Math.min(from.y, to.y)), within(Math.max(from.y, to.y))]
  const [width, height] = [Math.max(LEAST, right - left), Math.max(LEAST, bottom - top)]
  return { x: Math.min(left, 1 - width), y: Math.min(top, 1 - height), width, height }
}

/** Its size stays; at the edge of the picture it stops. */
export function moveBox(box: Box, by: Point): Box {
  return {
    ...box,
    x: Math.min(1 - box.width, Math.max(0, box.x + by.x)),
    y: Math.min(1 - box.height, Math.max(0, box.y + by.y)),
  }
}

/** By its lower right corner. */
export function growBox(box: Box, by: Point): Box {
  return {
    ...box,
    width: Math.min(1 - box.x, Math.max(LEAST, box.width + by.x)),
    height: Math.min(1 - box.y, Math.max(LEAST, box.height + by.y)),
  }
}

/** `x,y,width,height` as the search takes it; rounded down, so that it never reaches beyond the picture. */
export function writeCrop({ x, y, width, height }: Box): string {
  return [x, y, width, height].map((value) => Math.floor(value * 10_000) / 10_000).join(',')
}
