/** @file Media types of originals, as stores are told them. */
import type { PhotoFormat } from '../contract/words.ts'

const OTHER: Partial<Record<PhotoFormat, string>> = { heic: 'image/heic', bmp: 'image/bmp', tiff: 'image/tiff' }
const WEB = new Set<PhotoFormat>(['jpeg', 'png', 'webp', 'avif', 'gif'])

export function mediaTypeOf(format: PhotoFormat | null): string {
  if (format === null) return 'application/octet-stream'
  return WEB.has(format) ? `image/${format}` : (OTHER[format] ?? 'application/octet-stream')
}
