/** @file Media types of pictures in stores: by the format of the photo, or by their name alone. */
import type { PhotoFormat } from '../contract/words.ts'

const OTHER: Partial<Record<PhotoFormat, string>> = { heic: 'image/heic', bmp: 'image/bmp', tiff: 'image/tiff' }
const WEB = new Set<PhotoFormat>(['jpeg', 'png', 'webp', 'avif', 'gif'])

export function mediaTypeOf(format: PhotoFormat | null): string {
  if (format === null) return 'application/octet-stream'
  return WEB.has(format) ? `image/${format}` : (OTHER[format] ?? 'application/octet-stream')
}

const BY_ENDING: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  heic: 'image/heic',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  zip: 'application/zip',
}

/** By the ending of a name in a store: what lies there may be of no photo. */
export const mediaTypeOfName = (name: string): string =>
  BY_ENDING[/\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'
