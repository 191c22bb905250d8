/** @file A small square picture of a face, cut from the preview of its photo and kept beside it: gone with the photo, made again when the box moves. */
import { randomUUID } from 'node:crypto'
import { access, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Box } from '../domain/geometry.ts'
import { previewPath } from './rendition-paths.ts'
import { sharp } from './sharp.ts'

const SIDE = 256
/** Of the face’s longer side, added on each side: hair and chin make a face easier to know. */
const MARGIN = 0.35
const WEBP = { quality: 80, effort: 2 } as const

/** @param dir of the photo’s renditions @returns its path; null while there is no preview */
export async function ensureFacePicture(dir: string, box: Box): Promise<string | null> {
  const place = [box.x, box.y, box.width, box.height].map((value) => Math.round(value * 10_000)).join('-')
  const path = join(dir, `face-${place}.webp`)
  if (await isThere(path)) return path
  const preview = previewPath(dir)
  if (!(await isThere(preview))) return null
  const picture = sharp(preview)
  const { width, height } = await picture.metadata()
  const part = `${path}.${randomUUID()}.part`
  try {
    await picture
      .extract(findSquare(box, width, height))
      .resize(SIDE, SIDE, { fit: 'cover' })
      .webp(WEBP)
      .toFile(part)
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return path
}

/** The square around the face, in pixels, moved into the picture where it would stand out. */
export function findSquare(box: Box, width: number, height: number): { left: number; top: number; width: number; height: number } {
  const face = Math.max(box.width * width, box.height * height)
  const side = Math.max(1, Math.min(width, height, Math.round(face * (1 + 2 * MARGIN))))
  const place = (middle: number, length: number) => Math.max(0, Math.min(length - side, Math.round(middle - side / 2)))
  return {
    left: place((box.x + box.width / 2) * width, width),
    top: place((box.y + box.height / 2) * height, height),
    width: side,
    height: side,
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
