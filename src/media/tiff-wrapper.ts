/** @file An uncompressed TIFF to put raw pixels into, with their ICC profile: the one way to hand sharp both at once. */

export interface RawPicture {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly profile?: Uint8Array
}

const SHORT = 3
const LONG = 4
const UNDEFINED = 7

/** @returns a file that lacks its pixels: interleaved 8-bit rows from the top, alpha not premultiplied, to be written at `pixelsAt` */
export function makeTiffAround({ width, height, channels, profile }: RawPicture): { file: Buffer<ArrayBuffer>; pixelsAt: number } {
  const bytes = width * height * channels
  const entries = (profile ? 12 : 11) - (channels === 3 ? 1 : 0)
  const bitsAt = 8 + 2 + entries * 12 + 4
  const profileAt = bitsAt + 8
  const pixelsAt = profileAt + (profile ? profile.length + (profile.length % 2) : 0)
  const file = Buffer.from(new ArrayBuffer(pixelsAt + bytes))
  file.write('II*\0', 0, 'latin1')
  file.writeUInt32LE(8, 4)
  file.writeUInt16LE(entries, 8)
  let at = 10
  const put = (tag: number, type: number, count: number, value: number) => {
    file.writeUInt16LE(tag, at)
    file.writeUInt16LE(type, at + 2)
    file.writeUInt32LE(count, at + 4)
    file.writeUInt32LE(value, at + 8)
    at += 12
  }
  put(256, LONG, 1, width)
  put(257, LONG, 1, height)
  put(258, SHORT, channels, bitsAt)
  put(259, SHORT, 1, 1) // not compressed
  put(262, SHORT, 1, 2) // RGB
  put(273, LONG, 1, pixelsAt)
  put(274, SHORT, 1, 1) // upright
  put(277, SHORT, 1, channels)
  put(278, LONG, 1, height)
  put(279, LONG, 1, bytes)
  if (channels === 4) put(338, SHORT, 1, 2) // the fourth channel is plain alpha
  if (profile) put(34_675, UNDEFINED, profile.length, profileAt)
  for (let channel = 0; channel < channels; channel++) file.writeUInt16LE(8, bitsAt + channel * 2)
  if (profile) file.set(profile, profileAt)
  return { file, pixelsAt }
}
