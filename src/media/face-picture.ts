/** @file A small square picture of a face, cut from the preview of its photo and kept beside it: gone with the photo, made again when the box moves. */
import type { Box } from '../domain/geometry.ts'
import { type BlobStore, bytesSource, readBlobIfThere } from '../storage/blob-store.ts'
import { faceKey, renditionKey } from '../storage/keys.ts'
import { sharp } from './sharp.ts'

const SIDE = 256
/** Of the face’s longer side, added on each side: hair and chin make a face easier to know. */
const MARGIN = 0.35
const WEBP = { quality: 80, effort: 2 } as const

/** @returns its key; null while there is no preview */
export async function ensureFacePicture(renditions: BlobStore, sha256: string, box: Box): Promise<string | null> {
  const key = faceKey(sha256, box)
  if ((await renditions.stat(key)) !== null) return key
  const preview = await readBlobIfThere(renditions, renditionKey(sha256, 'preview'))
  if (preview === null) return null
  const { width, height } = await sharp(preview).metadata()
  const face = await sharp(preview)
    .extract(findSquare(box, width, height))
    .resize(SIDE, SIDE, { fit: 'cover' })
    .webp(WEBP)
    .toBuffer()
  await renditions.put(key, bytesSource(face, 'image/webp'), { isDurable: false })
  return key
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
