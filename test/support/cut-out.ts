/** @file Cuts products out of pictures that are in memory: each is its own full size. */
import sharp from 'sharp'
import { cutMatte, type Matte } from '../../src/domain/product/cut-out/matte.ts'
import { type Outline, regionOf } from '../../src/domain/product/cut-out/outline.ts'
import type { FullSize } from '../../src/media/decode.ts'
import type { Pixels } from '../../src/media/picture.ts'

export function fullSizeOf({ width, height, data }: Pixels): FullSize {
  return {
    width,
    height,
    async read(size, part) {
      const out = await sharp(data, { raw: { width, height, channels: 3 } })
        .resize({ ...size, fit: 'fill', kernel: 'cubic' })
        .extract({ left: part.left, top: part.top, width: part.width, height: part.height })
        .raw()
        .toBuffer()
      return { width: part.width, height: part.height, channels: 3, data: out }
    },
  }
}

/** The matte at the size of the picture; null when nothing stands out. */
export function cutInMemory(picture: Omit<Pixels, 'channels'>, outline: Outline | null, tileSide?: number): Matte | null {
  const region = outline && regionOf(outline, picture)
  if (!outline || !region) return null
  const data = new Uint8Array(region.width * region.height * 3)
  for (let y = 0; y < region.height; y++) {
    const from = ((y + region.top) * picture.width + region.left) * 3
    data.set(picture.data.subarray(from, from + region.width * 3), y * region.width * 3)
  }
  return cutMatte({ ...region, picture, data }, outline, tileSide)
}
