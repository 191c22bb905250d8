/** @file The quality a JPEG was written with, from its quantisation tables: nothing is decoded. */

/** ITU T.81, annex K.1, in the order of a file (zigzag): the luminance table of quality 50. */
const LUMINANCE_50 = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51, 56, 55,
  64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
] as const
const SUM_50 = LUMINANCE_50.reduce((sum: number, value) => sum + value, 0)

/**
 * As libjpeg counts, 1–100; programs with tables of their own are told by how coarse theirs are on the whole.
 * @param head the beginning of the file
 * @returns null for what is no JPEG, or whose tables lie beyond the head
 */
export function readJpegQuality(head: Uint8Array): number | null {
  if (head[0] !== 0xff || head[1] !== 0xd8) return null
  for (let at = 2; at + 4 <= head.length && head[at] === 0xff; ) {
    const marker = head[at + 1] ?? 0
    const length = ((head[at + 2] ?? 0) << 8) | (head[at + 3] ?? 0)
    if (marker === 0xda || length < 2) return null
    if (marker === 0xdb) return readTable(head.subarray(at + 4, at + 2 + length))
    at += 2 + length
  }
  return null
}

/** The first table is that of luminance. */
function readTable(segment: Uint8Array): number | null {
  const isWide = (segment[0] ?? 0) >> 4 === 1
  if (segment.length < (isWide ? 129 : 65)) return null
  let sum = 0
  for (let i = 0; i < 64; i++) sum += isWide ? ((segment[1 + 2 * i] ?? 0) << 8) | (segment[2 + 2 * i] ?? 0) : (segment[1 + i] ?? 0)
  const scale = (100 * sum) / SUM_50
  return Math.max(1, Math.min(100, Math.round(scale <= 100 ? (200 - scale) / 2 : 5000 / scale)))
}
