/** @file Opens whatever file as the library would, for tests of files that mean harm or came to harm. */
import { expect } from 'vitest'
import { FototecaError } from '../../src/domain/errors.ts'
import { decodePicture } from '../../src/media/decode.ts'
import type { Picture } from '../../src/media/picture.ts'
import { sniffFormat } from '../../src/media/sniff.ts'
import { LIMITS } from './media.ts'

/** What became of a file: a picture, or a sentence for a person (its code and text). Anything else fails the test. */
export async function meet(path: string, limits = LIMITS): Promise<Picture | string> {
  const sniffed = await sniffFormat(path)
  if ('refused' in sniffed) return `refused: ${sniffed.refused}`
  try {
    const picture = await decodePicture(path, sniffed.format, limits, new AbortController().signal)
    expect(picture.base.data).toHaveLength(picture.base.width * picture.base.height * 3)
    return picture
  } catch (error) {
    if (!(error instanceof FototecaError)) throw new Error(`${path} ended in no FototecaError`, { cause: error })
    // no jargon of the libraries below
    expect(error.message).not.toMatch(/vips|libpng|heif_|Error:|undefined|NaN/i)
    return `${error.code}: ${error.message}`
  }
}
