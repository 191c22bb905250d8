/** @file A stored rendition as the JPEG that a describer gets: pixels alone, no larger than asked. */
import { describeError, FototecaError } from '../domain/errors.ts'
import { toSharp } from './derived-sizes.ts'
import type { Pixels } from './picture.ts'
import { sharp } from './sharp.ts'

/** Vision models shrink to tiles; finer than this they see no difference, and bytes are time. */
const QUALITY = 85

export interface Jpeg {
  readonly jpeg: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * @param read gives a rendition (upright, sRGB); never an original
 * @param maxSide long side in pixels; smaller pictures stay as they are
 * @throws FototecaError `unreadable_picture` when it is gone or damaged
 */
export async function encodeJpeg(read: () => Promise<Uint8Array>, maxSide: number): Promise<Jpeg> {
  try {
    // sharp writes no EXIF, XMP, ICC or comment unless told to
    const { data, info } = await sharp(await read())
      .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: QUALITY })
      .toBuffer({ resolveWithObject: true })
    return { jpeg: data, width: info.width, height: info.height }
  } catch (error) {
    // says nothing of the picture
    if (error instanceof FototecaError && error.code === 'unavailable') throw error
    const isGone = error instanceof FototecaError && error.code === 'not_found'
    throw new FototecaError(
      'unreadable_picture',
      isGone ? 'its preview is gone; analyse the photo again' : `its preview cannot be read: ${describeError(error)}`,
      { cause: error },
    )
  }
}

/** Decoded pixels as such a JPEG. */
export async function encodePixels(pixels: Pixels, quality = QUALITY): Promise<Jpeg> {
  return { jpeg: await toSharp(pixels).jpeg({ quality }).toBuffer(), width: pixels.width, height: pixels.height }
}
