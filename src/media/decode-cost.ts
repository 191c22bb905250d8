/**
 * @file What a decode takes at its peak, told from the header before a pixel is touched. The constants are fitted to the peak resident
 * memory of real decodes, each alone in a process (`npm run bench -- decode-memory` prints both side by side), and rounded up: kinds
 * that are read row by row cost nearly nothing, those that must be whole in memory cost all their pixels, several times over.
 */
import { open } from 'node:fs/promises'
import type { Metadata } from 'sharp'
import type { PhotoFormat } from '../contract/words.ts'
import { measureJpegBuffer, measureScans } from './jpeg-scans.ts'
import { readTiffTileRows } from './sniff-tiff.ts'

/** The base at 2400 px and what is made of it, libvips’ own buffers and threads: 25 to 42 MB whatever the size. */
const FIXED = 44_000_000
/** libheif’s WebAssembly starts with more. */
const FIXED_HEIC = 72_000_000
/** A pixel of a HEIC at 8 bits: in WebAssembly planes, their conversion and RGB, outside of it the TIFF (50 MP: 438 MB). */
export const HEIC_PIXEL_BYTES = 8
/** Rows of a sequential read that are in memory at once, at most (16-bit PNG of 5,000 px: 30 MB). */
const ROWS_IN_FLIGHT = 1000

/** Bytes per sample of libvips’ band formats. */
const SAMPLE_BYTES: Readonly<Record<string, number>> = {
  char: 1,
  uchar: 1,
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
}

export interface DecodeInput {
  readonly format: PhotoFormat
  /** path, or the bytes where they are in memory already */
  readonly from: string | Buffer
  /** bytes of the file */
  readonly size: number
  readonly header: Pick<Metadata, 'width' | 'height'> &
    Partial<Pick<Metadata, 'channels' | 'depth' | 'hasAlpha' | 'isProgressive' | 'pages'>>
}

/** Bytes of memory that decoding takes at its peak, more rather than fewer. */
export async function estimateDecodeBytes({ format, from, size, header }: DecodeInput): Promise<number> {
  const { width, height, channels = 4 } = header
  const pixels = width * height
  const row = width * channels * (SAMPLE_BYTES[header.depth ?? 'uchar'] ?? 2)
  const sequential = FIXED + row * Math.min(height, ROWS_IN_FLIGHT)
  switch (format) {
    case 'png':
      // an interlaced one is put together whole: 3 bytes a pixel for RGB (98 MB at 25 MP), 6 at 16 bits (181 MB)
      return header.isProgressive ? FIXED + row * height : sequential
    case 'webp':
      return FIXED + pixels * (await findWebpBytes(from, header))
    case 'gif':
      // canvas of four channels and the indices below it: 95 MB at 16 MP
      return FIXED + pixels * 6
    case 'tiff':
      // two rows of tiles at once: 158 MB at 8192 px in tiles of 1024 rows of 16 bits; strips are read by the line
      return Math.max(sequential, FIXED + 2 * row * Math.min(height, await readTileRows(from, height)))
    case 'avif':
      // planes, their conversion and the copy libvips takes: 15.7 bytes a pixel at 8 bits 4:2:0 (of it 1.6 fixed), 18.8 at 4:4:4 or with
      // alpha, 25.2 at 10 and 12 bits, with 4:4:4 and alpha too
      return FIXED + size + pixels * (header.depth === 'ushort' ? 25 : 18)
    case 'heic':
      // more channels and more bits are added as libheif’s planes have them
      return FIXED_HEIC + 2 * size + pixels * (HEIC_PIXEL_BYTES + (header.hasAlpha ? 3 : 0) + (header.depth === 'ushort' ? 5 : 0))
    case 'bmp':
      // the file, its pixels, and indices of one with runs
      return FIXED + size + pixels * 5
    default:
      return FIXED + (await findJpegBytes(from, size, header))
  }
}

/**
 * A JPEG of one scan is read by the row and made smaller on the way: 37 MB at 100 MP. One of several scans keeps all its coefficients,
 * two bytes each: 1.5 a pixel at 4:2:0, 3 at 4:4:4, 4 in CMYK (323, 600 and 800 MB at 100 MP).
 */
async function findJpegBytes(from: string | Buffer, size: number, { width, height }: DecodeInput['header']): Promise<number> {
  const { isBuffered, samples } = typeof from === 'string' ? await measureScans(from) : measureJpegBuffer(from)
  const rows = width * 16 * 4
  // the whole file was read once, to count its scans
  return rows + (isBuffered ? size + 2 * samples * width * height : 0)
}

/** Lossy: planes (62 MB at 16 MP); lossless and with transparency: whole in four channels and more (129 MB); moving: two canvases beside. */
async function findWebpBytes(from: string | Buffer, { pages = 1 }: DecodeInput['header']): Promise<number> {
  if (pages > 1) return 15
  const head = typeof from === 'string' ? await readHead(from, 32) : from.subarray(0, 32)
  const kind = head.toString('latin1', 12, 16)
  // an extended one may hold either; its flags say whether there is transparency
  return kind === 'VP8 ' || (kind === 'VP8X' && ((head[20] ?? 0) & 0x10) === 0 && (await isLossy(from))) ? 3 : 8
}

/** Whether the first picture of an extended WebP is lossy; a profile or the like lies before it. */
async function isLossy(from: string | Buffer): Promise<boolean> {
  const handle = typeof from === 'string' ? await open(from) : null
  try {
    for (let at = 12, chunk = 0; chunk < 16; chunk++) {
      const head = handle ? (await handle.read(Buffer.alloc(8), 0, 8, at)).buffer : Buffer.from(from.slice(at, at + 8))
      const kind = head.toString('latin1', 0, 4)
      if (kind.startsWith('VP8') && kind !== 'VP8X') return kind === 'VP8 '
      if (head.length < 8) return false
      const length = head.readUInt32LE(4)
      at += 8 + length + (length % 2)
    }
    return false
  } finally {
    await handle?.close()
  }
}

async function readHead(path: string, length: number): Promise<Buffer> {
  await using handle = await open(path)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
  return buffer.subarray(0, bytesRead)
}

/** Rows of a tile, 0 for strips; all of them where that cannot be told. */
const readTileRows = (from: string | Buffer, height: number): Promise<number> =>
  typeof from === 'string' ? readTiffTileRows(from).then((rows) => rows ?? height) : Promise.resolve(height)
