/** @file The mends themselves, on decoded pixels: white, place in the frame, size; sRGB and no metadata come with the new JPEG. */
import type { Mend } from '../../contract/product-words.ts'
import { FototecaError } from '../../domain/errors.ts'
import { cutSquare, placeProduct, placeWhole, whitenBackground } from '../../domain/product/mend.ts'
import { measureShot, SHOT_MAX_SIDE } from '../../domain/product/shot.ts'
import { makePicture } from '../../media/derived-sizes.ts'
import { encodePixels } from '../../media/encode-jpeg.ts'
import type { Picture, Pixels } from '../../media/picture.ts'

/** Of what goes to marketplaces; eBay asks for at least 90. */
const QUALITY = 92
/** What is cut to a fill is measured anew, at SHOT_MAX_SIDE or its own smaller size, where the product’s soft edges lose so many pixels. */
const LOST = 3

export interface MendOptions {
  readonly mends: readonly Mend[]
  readonly fill: number
  readonly side: number
}

/** @returns a JPEG of at most the decoded size (2400 px) @throws FototecaError `invalid` when the product cannot be told from its background */
export async function mendPixels(picture: Picture, { mends, fill, side }: MendOptions): Promise<Uint8Array> {
  let pixels: Pixels = picture.base
  if (mends.includes('white')) pixels = whitenBackground(pixels)
  if (mends.includes('crop')) {
    const small = await makePicture(pixels, pixels.width, pixels.height).fit(SHOT_MAX_SIDE)
    const { product } = measureShot(small, pixels)
    if (!product)
      throw new FototecaError('invalid', 'crop: the background is not plain, so where the product ends cannot be told; cut it out instead')
    const longer = Math.max(product.width * pixels.width, product.height * pixels.height)
    const margin = LOST / Math.min(SHOT_MAX_SIDE, longer / fill)
    pixels = cutSquare(pixels, placeProduct(pixels, product, Math.min(1, fill + margin)))
  } else if (mends.includes('pad')) pixels = cutSquare(pixels, placeWhole(pixels))
  if (mends.includes('resize')) pixels = await makePicture(pixels, pixels.width, pixels.height).fit(side)
  return (await encodePixels(pixels, QUALITY)).jpeg
}
