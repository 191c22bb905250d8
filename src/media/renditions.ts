/** @file Makes what is shown of a photo (thumbnail, preview) and the thumbhash, from the decoded picture. They carry no EXIF. */
import { createHash } from 'node:crypto'
import { rgbaToThumbHash } from 'thumbhash'
import type { RenditionKind } from '../contract/words.ts'
import { toSharp } from './derived-sizes.ts'
import type { Picture, Pixels } from './picture.ts'

export const PREVIEW_MAX_SIDE = 1440
/**
 * WebP: at the same look a quarter to a third smaller than JPEG. Measured for a 1440 px preview of a photo: effort 0 takes
 * 43 core-ms for 159 KB, effort 2 70 for 148, effort 4 150 for 139; JPEG 14 for 260. Thumbnails are small and looked at
 * most, so they may take effort 2 (12 ms, 19 KB; effort 0 9 ms, 24 KB).
 */
const PREVIEW_WEBP = { quality: 75, effort: 0 } as const
const THUMBNAIL_WEBP = { quality: 75, effort: 2 } as const
/** thumbhash takes at most this. */
const THUMBHASH_MAX_SIDE = 100

/** A rendition as it was made: what its blob must be from then on. */
export interface RenditionFacts {
  readonly kind: RenditionKind
  readonly bytes: number
  readonly sha256: string
}
export interface Rendition extends RenditionFacts {
  readonly content: Uint8Array
}

export async function makeRenditions(
  picture: Picture,
  thumbnailSize: number,
): Promise<{ readonly thumbhash: Uint8Array; readonly renditions: readonly Rendition[] }> {
  const make = async (kind: RenditionKind, pixels: Pixels, options: typeof PREVIEW_WEBP | typeof THUMBNAIL_WEBP): Promise<Rendition> => {
    const content = await toSharp(pixels).webp(options).toBuffer()
    return { kind, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex'), content }
  }
  const renditions = await Promise.all([
    picture.fit(PREVIEW_MAX_SIDE).then((pixels) => make('preview', pixels, PREVIEW_WEBP)),
    picture.fit(thumbnailSize).then((pixels) => make('thumbnail', pixels, THUMBNAIL_WEBP)),
  ])
  return { thumbhash: makeThumbhash(await picture.fit(THUMBHASH_MAX_SIDE)), renditions }
}

export function makeThumbhash({ width, height, data }: Pixels): Uint8Array {
  const rgba = new Uint8Array(width * height * 4).fill(255)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] ?? 0
    rgba[to + 1] = data[from + 1] ?? 0
    rgba[to + 2] = data[from + 2] ?? 0
  }
  return rgbaToThumbHash(width, height, rgba)
}
