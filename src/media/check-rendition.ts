/** @file Whether a rendition without a stored hash is a whole picture of its photo. */
import { sharp } from './sharp.ts'

/** Rounding of a side to whole pixels, seen from the other one. */
const SHAPE_TOLERANCE = 0.02

/** @param photo its upright size. @returns false for what does not decode to its last row, or has another shape */
export async function isWholeRendition(content: Uint8Array, photo: { readonly width: number; readonly height: number }): Promise<boolean> {
  try {
    const { info } = await sharp(content, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true })
    const [shape, wanted] = [info.width / info.height, photo.width / photo.height]
    // of a very long picture one side is only a few pixels
    return Math.abs(shape / wanted - 1) <= SHAPE_TOLERANCE + 1 / Math.min(info.width, info.height)
  } catch {
    return false
  }
}
