/** @file Named face regions of XMP (Metadata Working Group and Microsoft) as boxes of the upright picture. Pure. */
import { type Box, clampBox } from '../geometry.ts'

/** A region as the Metadata Working Group writes it: centre and size, in fractions of the stored picture, or in its pixels. */
export interface MwgRegion {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Turns a box of the stored picture into one of the upright picture. */
export function uprightBox(box: Box, orientation: number): Box {
  const { x, y, width, height } = box
  const right = 1 - x - width
  const bottom = 1 - y - height
  switch (orientation) {
    case 2:
      return { x: right, y, width, height }
    case 3:
      return { x: right, y: bottom, width, height }
    case 4:
      return { x, y: bottom, width, height }
    case 5:
      return { x: y, y: x, width: height, height: width }
    case 6:
      return { x: bottom, y: x, width: height, height: width }
    case 7:
      return { x: bottom, y: right, width: height, height: width }
    case 8:
      return { x: y, y: right, width: height, height: width }
    default:
      return box
  }
}

/** Turns a box of the upright picture into one of the stored picture: a quarter turn is undone by the other one, all else by itself. */
export function storeBox(box: Box, orientation: number): Box {
  return uprightBox(box, orientation === 6 ? 8 : orientation === 8 ? 6 : orientation)
}

/** @returns undefined for a region that is no part of the picture */
export function placeMwgRegion(region: MwgRegion, orientation: number): Box | undefined {
  const { x, y, width, height } = region
  return keepSound(uprightBox({ x: x - width / 2, y: y - height / 2, width, height }, orientation))
}

/** Microsoft’s `left, top, width, height`, in fractions of the upright picture. */
export function placeMicrosoftRegion(rectangle: string): Box | undefined {
  const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = rectangle.split(',').map(Number)
  return keepSound({ x, y, width, height })
}

function keepSound(box: Box): Box | undefined {
  if (![box.x, box.y, box.width, box.height].every(Number.isFinite)) return undefined
  const clamped = clampBox(box)
  return clamped.width > 0.001 && clamped.height > 0.001 ? clamped : undefined
}
