/** @file Whether a browser can show a photo’s original, and when it is worth asking for. Pure. */
import type { PhotoDetail } from '../../../src/contract/photo.ts'
import type { PhotoFormat } from '../../../src/contract/words.ts'

/** long side of the preview in pixels (`getPreview` of the contract) */
const PREVIEW = 1440
/** what every browser of today shows by itself */
const SHOWN: ReadonlySet<PhotoFormat> = new Set(['jpeg', 'png', 'webp', 'avif', 'gif', 'bmp'])
/** 120 megapixels are 480 MB once decoded: more ends the tab on a phone */
const MAX_PIXELS = 120_000_000
const MAX_BYTES = 150_000_000
/** a preview enlarged by less looks the same */
const SLACK = 1.1

export type FullSize =
  /** the preview has all the pixels there are */
  { readonly kind: 'preview' } | { readonly kind: 'original' } | { readonly kind: 'unshown'; readonly why: string }

type Facts = Pick<PhotoDetail, 'width' | 'height' | 'format' | 'bytes' | 'missing'>

export function findFullSize({ width, height, format, bytes, missing }: Facts): FullSize {
  if (width === null || height === null || Math.max(width, height) <= PREVIEW * SLACK) return { kind: 'preview' }
  if (missing) return { kind: 'unshown', why: 'the original is not where it was' }
  if (format === null || !SHOWN.has(format))
    return { kind: 'unshown', why: `browsers do not show ${format?.toUpperCase() ?? 'this format'}` }
  if (width * height > MAX_PIXELS || bytes > MAX_BYTES) return { kind: 'unshown', why: 'the original is too large for a browser' }
  return { kind: 'original' }
}

/** True where the picture, this wide on the screen (device pixels), shows more than its preview holds. */
export function exceedsPreview({ width, height }: Pick<Facts, 'width' | 'height'>, shownWidth: number): boolean {
  if (width === null || height === null) return false
  const previewWidth = width * Math.min(1, PREVIEW / Math.max(width, height))
  return shownWidth > previewWidth * SLACK
}

/** A browser that does not turn a picture as its file says shows it lying: then the preview is the better one. */
export function isUpright({ width, height }: Pick<Facts, 'width' | 'height'>, natural: { width: number; height: number }): boolean {
  if (!width || !height || !natural.width || !natural.height) return false
  return Math.abs(Math.log((natural.width * height) / (natural.height * width))) < 0.02
}
