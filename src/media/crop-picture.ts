/** @file A part of a decoded picture as a picture of its own. */
import type { Box } from '../domain/geometry.ts'
import { makePicture, toSharp } from './derived-sizes.ts'
import type { Picture } from './picture.ts'

/** @param box in fractions of the upright picture; what lies outside is left out, at least one pixel stays */
export async function cropPicture({ base, width, height }: Picture, box: Box): Promise<Picture> {
  const span = (from: number, size: number, pixels: number) => {
    const start = Math.min(pixels - 1, Math.max(0, Math.floor(from * pixels)))
    return { start, length: Math.max(1, Math.min(pixels - start, Math.round(size * pixels))) }
  }
  const across = span(box.x, box.width, base.width)
  const down = span(box.y, box.height, base.height)
  const { data } = await toSharp(base)
    .extract({ left: across.start, top: down.start, width: across.length, height: down.length })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const scale = { x: width / base.width, y: height / base.height }
  return makePicture(
    { width: across.length, height: down.length, channels: 3, data },
    Math.max(1, Math.round(across.length * scale.x)),
    Math.max(1, Math.round(down.length * scale.y)),
  )
}
