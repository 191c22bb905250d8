/** @file A JPEG with everything in it that must not leave the machine, and its pixels. */
import sharp from 'sharp'

/** EXIF with a place, XMP, a comment and bytes after the picture all hold the words `SECRET PLACE`. */
export async function drawJpeg(
  options: { readonly progressive?: boolean } = {},
): Promise<{ jpeg: Uint8Array; width: number; height: number }> {
  const [width, height] = [64, 48]
  const pixels = Buffer.from(Array.from({ length: width * height * 3 }, (_, at) => (at * 7 + (at % 11) * 13) % 256))
  const plain = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ progressive: options.progressive ?? false, quality: 90 })
    .withExif({ IFD0: { ImageDescription: 'SECRET PLACE' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
    .withXmp('<?xpacket?><x:xmpmeta xmlns:x="adobe:ns:meta/">SECRET PLACE</x:xmpmeta>')
    .toBuffer()
  const comment = Buffer.from('SECRET PLACE')
  const length = Buffer.from([0xff, 0xfe, 0, comment.length + 2])
  const jpeg = Buffer.concat([plain.subarray(0, 2), length, comment, plain.subarray(2), Buffer.from('SECRET PLACE in a video behind')])
  return { jpeg, width, height }
}

export function readPixels(jpeg: Uint8Array): Promise<Buffer> {
  return sharp(jpeg).raw().toBuffer()
}
