/** @file A Picture from a file (as the analyser opens it), from a drawing or from pixels, for tests and measurements of models. */
import sharp from 'sharp'
import { makePicture } from '../../src/media/derived-sizes.ts'
import type { Picture, Pixels } from '../../src/media/picture.ts'
import { unblockSvg } from './drawn-text.ts'
import { openPicture } from './media.ts'

/** @param input a file's path, or the bytes of an SVG of our own */
export async function openTestPicture(input: string | Buffer): Promise<Picture> {
  if (typeof input === 'string') return openPicture(input)
  unblockSvg()
  const image = sharp(input).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha()
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return pictureOf({ width: info.width, height: info.height, channels: 3, data })
}

/** A Picture of pixels that are already there. */
export function pictureOf(base: Pixels): Picture {
  return makePicture(base, base.width, base.height)
}
