/** @file Decodes an original exactly once into a Picture: upright, sRGB, on white, within the limits; or says why it cannot. */
import { open, readFile, stat } from 'node:fs/promises'
import type { Metadata, Sharp, SharpOptions } from 'sharp'
import type { PhotoFormat } from '../contract/words.ts'
import { FototecaError } from '../domain/errors.ts'
import { readBitmap, readBitmapSize } from './bitmap.ts'
import { explainDecodeError, findMissingShare, nameFormat } from './damage.ts'
import { type DecodeInput, estimateDecodeBytes, HEIC_PIXEL_BYTES } from './decode-cost.ts'

import { getDecodeMemory, takeDecodeMemory } from './decode-memory.ts'
import { MAX_STRETCH, startDecodeTimeout } from './decode-timeout.ts'
import { makePicture } from './derived-sizes.ts'
import { decodeHeif } from './heif.ts'
import { countJpegScans, countScans } from './jpeg-scans.ts'
import { checkBytes, checkFrames, checkPixels, checkScans, type DecodeLimits, MAX_SCANS } from './limits.ts'
import type { Picture, Pixels } from './picture.ts'
import { extractRawPreview, isRawFormat, type RawPreview } from './raw-preview.ts'
import { sharp } from './sharp.ts'
import { countTiffPages } from './sniff-tiff.ts'

/**
 * Long side of the base. Tiny print needs it: receipts and screenshots read at 2400 px lose words at 1600. Measured per
 * 12 MP JPEG: 68 core-ms to 2400 px, 58 to 2000, 51 to 1440, so the finer base costs 10 to 17 ms once.
 */
export const BASE_MAX_SIDE = 2400
/**
 * Beyond this aspect the base keeps its number of pixels instead of its long side: a page scrolled through and saved as one picture
 * (1080 × 12,000) would else be 216 px wide and nothing on it could be read.
 */
const LONG_ASPECT = 2.5
/** Rows that may be missing at the bottom of a damaged file: one or two JPEG blocks of a small picture. */
const MISSING_SHARE_TAKEN = 0.05
/** sharp takes no more. */
const MAX_SECONDS = 3600
/** In place of a limit where none is stated, for libvips itself: far above every honest decode. */
const UNLIMITED_MS = 30_000
/** What to decode: sharp’s own input, and what the container knows better than the bytes inside. */
interface Source {
  readonly input: string | Buffer
  readonly raw?: NonNullable<SharpOptions['raw']>
  /** EXIF orientation to apply; `own`: the one in the bytes */
  readonly orientation: 'own' | number
  /** upright size of the original where the bytes are only its preview */
  readonly originalSize?: { readonly width: number; readonly height: number }
  /** pixels that were unpacked here and are of no use afterwards */
  readonly isOurs?: true
}

/**
 * Waits until the memory it takes is free (`decode-memory.ts`); the time limit counts from then.
 * @throws FototecaError `unreadable_picture`, `too_large`, `timed_out` or `unsupported_format`, each with a sentence for a person;
 *   `timed_out` after the limit, or when `signal` is one of `AbortSignal.timeout`; else its abort reason (libvips then ends its work in the background)
 */
export async function decodePicture(path: string, format: PhotoFormat, limits: DecodeLimits, signal: AbortSignal): Promise<Picture> {
  return withSource(path, format, limits, signal, (source) => decodeSource(source, format, limits))
}

/** An original at its own size, read part by part. */
export interface FullSize {
  readonly width: number
  readonly height: number
  /**
   * Upright sRGB on white. Each call decodes the file anew: nothing of it is kept between.
   * @param size of the whole picture, at most its own @param part of the picture at that size, pixels
   */
  read(size: { readonly width: number; readonly height: number }, part: PartOfPicture): Promise<Pixels>
}

export interface PartOfPicture {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Opens the file anew and closes it after use: the path leads to it only so long. */
export type ReachFile = <T>(use: (path: string) => Promise<T>) => Promise<T>

/** As `decodePicture`, and the means to read what the base is too small for. @throws as `decodePicture`, and as `reach` */
export async function decodeForCutting(
  reach: ReachFile,
  format: PhotoFormat,
  limits: DecodeLimits,
  signal: AbortSignal,
): Promise<{ readonly picture: Picture; readonly full: FullSize }> {
  return reach((path) =>
    withSource(path, format, limits, signal, async (source) => {
      const picture = await decodeSource(source, format, limits)
      const own = uprightSize(await openAsIs(source, limits).metadata(), source.orientation)
      return { picture, full: { ...own, read: (size, part) => reach((now) => readPart(now, format, limits, own, size, part)) } }
    }),
  )
}

async function readPart(
  path: string,
  format: PhotoFormat,
  limits: DecodeLimits,
  own: { readonly width: number; readonly height: number },
  size: { readonly width: number; readonly height: number },
  part: PartOfPicture,
): Promise<Pixels> {
  return withSource(path, format, limits, new AbortController().signal, (source) => {
    const image = openAsIs(source, limits)
    const upright = source.orientation === 'own' ? image.autoOrient() : turn(image, source.orientation)
    const isOwn = size.width === own.width && size.height === own.height
    const sized = isOwn ? upright : upright.resize({ width: size.width, height: size.height, fit: 'fill', kernel: 'cubic' })
    return toPixels(sized.extract({ left: part.left, top: part.top, width: part.width, height: part.height }), limits)
  })
}

const openAsIs = (source: Source, limits: DecodeLimits): Sharp =>
  sharp(source.input, { failOn: 'none', limitInputPixels: limits.maxPixels, ...(source.raw ? { raw: source.raw } : {}) })

/** Looks at the header, takes the memory, opens, works. The memory is given back when the work is over, not when nobody waits for it any more. */
async function withSource<T>(
  path: string,
  format: PhotoFormat,
  limits: DecodeLimits,
  signal: AbortSignal,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const { size } = await stat(path)
  checkBytes(size, limits)
  const memory = getDecodeMemory()
  const head = await untilAborted(readHead(path, format, limits), format, signal)
  const bytes = head.header
    ? await estimateDecodeBytes({ format, from: head.preview?.jpeg ?? path, size, header: head.header })
    : memory.bytes
  const share = await takeDecodeMemory(bytes, nameFormat(format), signal, limits.owner).catch((error: unknown) =>
    throwExplained(error, format),
  )
  const timeout = limits.timeoutMs === undefined ? undefined : startDecodeTimeout(limits.timeoutMs)
  const until = timeout ? AbortSignal.any([signal, timeout.signal]) : signal
  const working = openSource(path, format, { ...limits, ...affordable(head, memory.bytes, limits) }, head, until)
    .then(async (source) => {
      const result = await work(source)
      // freed now, not when the collector comes by: at 50 MP these are 150 MB
      if (source.isOurs) letGo(source.input)
      return result
    })
    .finally(() => {
      timeout?.[Symbol.dispose]()
      share[Symbol.dispose]()
    })
  return untilAborted(working, format, until)
}

function letGo(input: string | Buffer): void {
  // a small buffer shares its memory with others
  if (typeof input !== 'string' && input.byteLength > 1_000_000 && input.byteLength === input.buffer.byteLength)
    (input.buffer as ArrayBuffer).transfer(0)
}

/** What a file says of itself before it is decoded. */
interface Head {
  /** null: a HEIC that libvips cannot look into, though libheif may */
  readonly header: DecodeInput['header'] | null
  /** of a RAW */
  readonly preview?: RawPreview
}

async function readHead(path: string, format: PhotoFormat, limits: DecodeLimits): Promise<Head> {
  if (format === 'bmp') {
    const header = await readBitmapSize(path)
    checkPixels(header.width, header.height, limits)
    return { header }
  }
  if (isRawFormat(format)) {
    const preview = await extractRawPreview(path, format)
    return { header: await readHeader(preview.jpeg, format, limits), preview }
  }
  if (format === 'heic') return { header: await readHeader(path, format, limits).catch(throwIfTooLarge) }
  if (format === 'tiff') checkFrames(await countTiffPages(path))
  return { header: await readHeader(format === 'avif' ? await readAvif(path) : path, format, limits) }
}

async function readHeader(input: string | Buffer, format: PhotoFormat, limits: DecodeLimits): Promise<Metadata> {
  try {
    // the limit that libvips knows is checked here instead, with a sentence
    const header = await sharp(input, { limitInputPixels: false, failOn: 'none' }).metadata()
    checkFrames(header.pages ?? 1)
    checkPixels(header.width, header.height, limits)
    return header
  } catch (error) {
    throw explainDecodeError(error, format)
  }
}

function throwIfTooLarge(error: unknown): null {
  if (error instanceof FototecaError && error.code === 'too_large') throw error
  return null
}

/** A HEIC of unknown size has the whole budget to itself, and may be as large as that allows. */
const affordable = ({ header }: Head, bytes: number, { maxPixels }: DecodeLimits): Pick<DecodeLimits, 'maxPixels'> => ({
  maxPixels: header ? maxPixels : Math.min(maxPixels, Math.floor(bytes / HEIC_PIXEL_BYTES)),
})

async function openSource(path: string, format: PhotoFormat, limits: DecodeLimits, head: Head, signal: AbortSignal): Promise<Source> {
  if (format === 'bmp') {
    const { data, width, height, channels } = readBitmap(await readFile(path), limits)
    return { input: data, raw: { width, height, channels }, orientation: 1, isOurs: true }
  }
  // libheif turns and mirrors by the container’s own properties; the EXIF tag repeats them and must not be applied again
  if (format === 'heic') return { input: await decodeHeif(path, limits, signal), orientation: 1, isOurs: true }
  if (head.preview) {
    const { jpeg, orientation, originalSize } = head.preview
    checkScans(countScans(jpeg, MAX_SCANS))
    return { input: jpeg, orientation, originalSize }
  }
  if (format === 'jpeg') checkScans(await countJpegScans(path, MAX_SCANS))
  if (format === 'avif') return { input: await readAvif(path), orientation: 1 }
  return { input: path, orientation: 'own' }
}

async function decodeSource(source: Source, format: PhotoFormat, limits: DecodeLimits): Promise<Picture> {
  const open = (failOn: 'error' | 'none') =>
    sharp(source.input, { failOn, limitInputPixels: limits.maxPixels, ...(source.raw ? { raw: source.raw } : {}) })
  try {
    const header = await sharp(source.input, {
      limitInputPixels: false,
      failOn: 'none',
      ...(source.raw ? { raw: source.raw } : {}),
    }).metadata()
    checkFrames(header.pages ?? 1)
    checkPixels(header.width, header.height, limits)
    const upright = source.originalSize ?? uprightSize(header, source.orientation)
    const base = await decodeBase(open, source.orientation, findBaseSide(upright), limits)
    return makePicture(base, upright.width, upright.height)
  } catch (error) {
    throw explainDecodeError(error, format)
  }
}

/** Long side of the base of a picture of this size, px; it may be larger than the picture’s own. */
function findBaseSide({ width, height }: { readonly width: number; readonly height: number }): number {
  const aspect = Math.max(width, height) / Math.min(width, height)
  return aspect > LONG_ASPECT ? Math.round(BASE_MAX_SIDE * Math.sqrt(aspect / LONG_ASPECT)) : BASE_MAX_SIDE
}

async function decodeBase(
  open: (failOn: 'error' | 'none') => Sharp,
  orientation: 'own' | number,
  side: number,
  limits: DecodeLimits,
): Promise<Pixels> {
  try {
    return await renderBase(open('error'), orientation, side, limits)
  } catch (error) {
    // every viewer shows a photo that only lacks its last bytes or has a scratch: take it if nearly all of it is there
    const pixels = await renderBase(open('none'), orientation, side, limits).catch(() => {
      throw error
    })
    const missing = findMissingShare(pixels)
    if (missing <= MISSING_SHARE_TAKEN) return pixels
    const there = Math.floor((1 - missing) * 100)
    const what = there === 0 ? 'nothing of the picture can be read' : `only about ${there} % of the picture can be read`
    throw new FototecaError('unreadable_picture', `the file is cut off or damaged: ${what}`, { cause: error })
  }
}

async function renderBase(image: Sharp, orientation: 'own' | number, side: number, limits: DecodeLimits): Promise<Pixels> {
  const upright = orientation === 'own' ? image.autoOrient() : turn(image, orientation)
  // cubic: as sharp to the eye as lanczos here and a quarter cheaper
  return toPixels(upright.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true, kernel: 'cubic' }), limits)
}

/** Renders: sRGB, on white. libvips gives up by itself, by the clock, a moment after nobody waits for it any more. */
async function toPixels(image: Sharp, { timeoutMs = UNLIMITED_MS }: DecodeLimits): Promise<Pixels> {
  const { data, info } = await image
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .timeout({ seconds: Math.min(MAX_SECONDS, Math.ceil((timeoutMs * MAX_STRETCH) / 1000)) })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels`)
  return { width: info.width, height: info.height, channels: 3, data }
}

/** Applies an EXIF orientation that stands beside the bytes. sharp turns before it mirrors. */
function turn(image: Sharp, orientation: number): Sharp {
  switch (orientation) {
    case 2:
      return image.flop()
    case 3:
      return image.rotate(180)
    case 4:
      return image.flip()
    case 5:
      return image.rotate(90).flop()
    case 6:
      return image.rotate(90)
    case 7:
      return image.rotate(270).flop()
    case 8:
      return image.rotate(270)
    default:
      return image
  }
}

function uprightSize(header: Metadata, orientation: 'own' | number): { width: number; height: number } {
  const turned = orientation === 'own' ? (header.orientation ?? 1) : orientation
  return turned >= 5 && turned <= 8 ? { width: header.height, height: header.width } : { width: header.width, height: header.height }
}

/** libvips takes an animated AVIF for no AVIF at all; its first picture is a still one and reads well under the still brand. */
async function readAvif(path: string): Promise<string | Buffer> {
  await using handle = await open(path)
  const { buffer } = await handle.read(Buffer.alloc(12), 0, 12, 0)
  if (buffer.toString('latin1', 8) !== 'avis') return path
  const bytes = await readFile(path)
  bytes.write('avif', 8, 'latin1')
  return bytes
}

async function untilAborted<T>(work: Promise<T>, format: PhotoFormat, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await Promise.race([work, promise])
  } catch (error) {
    return throwExplained(error, format)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function throwExplained(error: unknown, format: PhotoFormat): never {
  if (!(error instanceof DOMException && error.name === 'TimeoutError')) throw error
  throw new FototecaError(
    'timed_out',
    `decoding this ${nameFormat(format)} took too long; it was given up (setting FOTOTECA_DECODE_TIMEOUT_MS)`,
    { cause: error },
  )
}
