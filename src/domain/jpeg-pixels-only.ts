/** @file Takes off a JPEG what is not pixels: EXIF, GPS, XMP, IPTC, comments, thumbnails, and whatever follows the picture. */

/** JFIF header, colour profile, and Adobe's note on the colour transform: without them the pixels would look different. */
const KEPT_APP = new Map([
  [0xe0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
])
const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const COM = 0xfe

/**
 * The same picture, byte for byte in its coded pixels, without metadata. Ends at the first end of image, so that a motion
 * photo's video or a second picture behind it does not stay.
 * @throws RangeError when this is no whole JPEG
 */
export function keepJpegPixelsOnly(jpeg: Uint8Array): Uint8Array {
  if (jpeg[0] !== 0xff || jpeg[1] !== SOI) throw new RangeError('not a JPEG')
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)]
  let at = 2
  for (;;) {
    if (jpeg[at] !== 0xff) throw new RangeError(`no JPEG marker at byte ${at}`)
    while (jpeg[at + 1] === 0xff) at++ // fill bytes
    const marker = jpeg[at + 1]
    if (marker === undefined) throw new RangeError('this JPEG ends before its picture does')
    if (marker === EOI) {
      kept.push(jpeg.subarray(at, at + 2))
      return Buffer.concat(kept)
    }
    const end = at + 2 + (((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0))
    if (end > jpeg.length || end < at + 4) throw new RangeError('this JPEG ends before its picture does')
    if (isKept(marker, jpeg.subarray(at + 4, end))) kept.push(jpeg.subarray(at, end))
    at = end
    if (marker !== SOS) continue
    // coded data: a marker inside it is stuffed (FF 00) or a restart (FF D0–D7)
    const start = at
    while (at < jpeg.length - 1 && !(jpeg[at] === 0xff && isRealMarker(jpeg[at + 1] ?? 0))) at++
    kept.push(jpeg.subarray(start, at))
  }
}

function isKept(marker: number, content: Uint8Array): boolean {
  if (marker === COM) return false
  if (marker < 0xe0 || marker > 0xef) return true
  const name = KEPT_APP.get(marker)
  return name !== undefined && Buffer.from(content.subarray(0, name.length)).toString('latin1') === name
}

function isRealMarker(byte: number): boolean {
  return byte !== 0 && !(byte >= 0xd0 && byte <= 0xd7) && byte !== 0xff
}
