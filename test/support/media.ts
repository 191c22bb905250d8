/** @file Opening pictures in tests the way the analyser does: sniff, then decode. */
import { decodePicture } from '../../src/media/decode.ts'
import type { DecodeLimits } from '../../src/media/limits.ts'
import type { Picture } from '../../src/media/picture.ts'
import { sniffFormat } from '../../src/media/sniff.ts'

export const LIMITS: DecodeLimits = { maxPixels: 150_000_000, maxBytes: 500_000_000 }

export async function openPicture(path: string, signal = new AbortController().signal): Promise<Picture> {
  const sniffed = await sniffFormat(path)
  if ('refused' in sniffed) throw new Error(sniffed.refused)
  return decodePicture(path, sniffed.format, LIMITS, signal)
}
