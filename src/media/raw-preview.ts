/** @file A camera RAW as its largest embedded JPEG, turned as the RAW says. Reading them needs exiftool, and that needs perl. */
import { extname } from 'node:path'
import type { PhotoFormat } from '../contract/words.ts'
import { FototecaError } from '../domain/errors.ts'
import { nameFormat } from './damage.ts'
import { extractEmbedded, readTags, readThroughLink } from './exiftool.ts'

const RAW_FORMATS = ['cr2', 'cr3', 'nef', 'arw', 'dng', 'raf', 'orf', 'rw2'] as const satisfies readonly PhotoFormat[]
export type RawFormat = (typeof RAW_FORMATS)[number]
export const isRawFormat = (format: PhotoFormat): format is RawFormat => (RAW_FORMATS as readonly PhotoFormat[]).includes(format)

/** No camera writes a longer side; a file that says so is not believed. */
const MAX_SIDE = 65_535
/** Where makers put previews. */
const EMBEDDED = ['JpgFromRaw', 'JpgFromRaw2', 'PreviewImage', 'OtherImage', 'ThumbnailImage'] as const

export interface RawPreview {
  readonly jpeg: Buffer
  /** EXIF orientation to apply to the JPEG */
  readonly orientation: number
  /** upright size of the RAW itself */
  readonly originalSize: { readonly width: number; readonly height: number }
}

export async function extractRawPreview(path: string, format: RawFormat): Promise<RawPreview> {
  const extension = extname(path).toLowerCase()
  if (extension === '' || extension === `.${format}`) return await extractFrom(path, format)
  // exiftool goes by the name where it looks for the previews of a DNG; the content decides here
  return await readThroughLink(path, `raw.${format}`, (link) => extractFrom(link, format))
}

async function extractFrom(path: string, format: RawFormat): Promise<RawPreview> {
  const tags = await readTags(path, ['-n', '-Orientation', '-ImageSize', ...EMBEDDED.map((image) => `-${image}`)]).catch(
    (error: unknown) => {
      throw explain(error, format)
    },
  )
  const candidates = EMBEDDED.flatMap((image) => {
    const bytes = /Binary data (\d+) bytes/.exec(String(tags[image] ?? ''))?.[1]
    return bytes === undefined ? [] : [{ image, bytes: Number(bytes) }]
  }).sort((a, b) => b.bytes - a.bytes)
  for (const { image } of candidates) {
    const jpeg = await extractEmbedded(path, image).catch((error: unknown) => {
      throw explain(error, format)
    })
    const size = readJpegSize(jpeg)
    if (!size) continue
    return orient(jpeg, size, Number(tags.Orientation ?? 1), String(tags.ImageSize ?? ''))
  }
  throw new FototecaError(
    'unreadable_picture',
    `this ${nameFormat(format)} holds no preview picture, and RAW data itself is not developed here`,
  )
}

function orient(jpeg: Buffer, preview: { width: number; height: number }, orientation: number, imageSize: string): RawPreview {
  const [width = 0, height = 0] = imageSize.split(/[ x]/).map(Number)
  const isBelieved = width * height > preview.width * preview.height && Math.max(width, height) <= MAX_SIDE
  const raw = isBelieved ? { width, height } : preview
  const turned = orientation >= 5 && orientation <= 8
  // a few cameras turn the preview already: then its long side differs from the sensor’s
  const isTurnedAlready = turned && raw !== preview && raw.width > raw.height !== preview.width > preview.height
  const upright = turned && !isTurnedAlready ? { width: raw.height, height: raw.width } : raw
  return {
    jpeg,
    orientation: isTurnedAlready ? 1 : orientation,
    originalSize: isTurnedAlready ? { width: raw.height, height: raw.width } : upright,
  }
}

/** Size in the first frame header of a JPEG; undefined when these bytes are none (some previews are TIFF or HEVC). */
function readJpegSize(jpeg: Buffer): { width: number; height: number } | undefined {
  if (jpeg.length < 4 || jpeg.readUInt16BE(0) !== 0xffd8) return undefined
  let at = 2
  while (at + 9 <= jpeg.length) {
    if (jpeg[at] !== 0xff) return undefined
    const marker = jpeg[at + 1] ?? 0
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) }
    at += 2 + jpeg.readUInt16BE(at + 2)
  }
  return undefined
}

function explain(error: unknown, format: RawFormat): FototecaError {
  if (error instanceof FototecaError) return error
  return new FototecaError('unreadable_picture', `this ${nameFormat(format)} is damaged: no preview picture can be taken from it`, {
    cause: error,
  })
}
