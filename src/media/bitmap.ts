/** @file Reads BMP, which libvips does not: 1, 4, 8, 16, 24 and 32 bits, palette, bit masks, run lengths, either row order. */
import { open } from 'node:fs/promises'
import { FototecaError } from '../domain/errors.ts'
import { checkPixels, type DecodeLimits } from './limits.ts'

export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly data: Buffer
}

interface Header {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  readonly pixelsAt: number
  readonly paletteAt: number
  /** bytes per palette entry */
  readonly entrySize: 3 | 4
  readonly paletteLength: number
  readonly compression: number
  /** red, green, blue, alpha */
  readonly masks: readonly [number, number, number, number]
}

const RGB = 0
const RLE8 = 1
const RLE4 = 2
const BIT_FIELDS = 3
const ALPHA_BIT_FIELDS = 6

export function readBitmap(bytes: Buffer, limits: DecodeLimits): Bitmap {
  const header = readHeader(bytes)
  checkPixels(header.width, header.height, limits)
  if (header.compression === RLE8 || header.compression === RLE4) return renderIndices(bytes, header, expandRuns(bytes, header))
  const stride = Math.ceil((header.width * header.bits) / 32) * 4
  if (header.pixelsAt + stride * header.height > bytes.length + stride)
    throw damaged(`the file is cut off: it holds ${bytes.length} bytes, its picture needs ${header.pixelsAt + stride * header.height}`)
  return header.bits <= 8 ? renderIndices(bytes, header, unpackIndices(bytes, header, stride)) : renderColours(bytes, header, stride)
}

/** What the header of a BMP says, without its pixels. @throws FototecaError `unreadable_picture` */
export async function readBitmapSize(path: string): Promise<{ readonly width: number; readonly height: number }> {
  await using handle = await open(path)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0)
  return readHeader(buffer.subarray(0, bytesRead))
}

function readHeader(bytes: Buffer): Header {
  if (bytes.length < 26) throw damaged('the file ends within its header')
  const size = bytes.readUInt32LE(14)
  const old = size === 12
  if (!old && bytes.length < 54) throw damaged('the file ends within its header')
  const height = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22)
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18)
  const bits = bytes.readUInt16LE(old ? 24 : 28)
  const compression = old ? RGB : bytes.readUInt32LE(30)
  if (width <= 0 || height === 0) throw damaged('the file says that the picture has no width or height')
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw damaged(`a BMP with ${bits} bits per pixel cannot be read`)
  const fits =
    compression === RGB ||
    (compression === RLE8 && bits === 8) ||
    (compression === RLE4 && bits === 4) ||
    ((compression === BIT_FIELDS || compression === ALPHA_BIT_FIELDS) && (bits === 16 || bits === 32))
  if (!fits) throw damaged(`a BMP with compression ${compression} at ${bits} bits cannot be read`)
  const hasMasks = compression === BIT_FIELDS || compression === ALPHA_BIT_FIELDS
  const masksAfter = hasMasks && size === 40 ? (compression === ALPHA_BIT_FIELDS ? 16 : 12) : 0
  const mask = (index: number) => (hasMasks && 54 + index * 4 + 4 <= bytes.length ? bytes.readUInt32LE(54 + index * 4) : 0)
  const hasAlphaMask = compression === ALPHA_BIT_FIELDS || (hasMasks && size >= 56)
  const colours = old ? 0 : bytes.readUInt32LE(46)
  return {
    width,
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    pixelsAt: bytes.readUInt32LE(10),
    paletteAt: 14 + size + masksAfter,
    entrySize: old ? 3 : 4,
    paletteLength: bits > 8 ? 0 : Math.min(colours || 1 << bits, 1 << bits),
    compression,
    masks: hasMasks
      ? [mask(0), mask(1), mask(2), hasAlphaMask ? mask(3) : 0]
      : bits === 16
        ? [0x7c00, 0x03e0, 0x001f, 0]
        : [0xff0000, 0xff00, 0xff, 0],
  }
}

/** Row of the file that holds row `y` of the upright picture. */
const fileRow = (header: Header, y: number): number => (header.topDown ? y : header.height - 1 - y)

/** [height × width] palette indices, rows from the top */
function unpackIndices(bytes: Buffer, header: Header, stride: number): Uint8Array {
  const { width, height, bits } = header
  const indices = new Uint8Array(width * height)
  const perByte = 8 / bits
  const mask = (1 << bits) - 1
  for (let y = 0; y < height; y++) {
    const row = header.pixelsAt + fileRow(header, y) * stride
    for (let x = 0; x < width; x++) {
      const byte = bytes[row + Math.floor(x / perByte)] ?? 0
      indices[y * width + x] = (byte >> (8 - bits * ((x % perByte) + 1))) & mask
    }
  }
  return indices
}

/** Run-length codes to [height × width] palette indices, rows from the top. */
function expandRuns(bytes: Buffer, header: Header): Uint8Array {
  const { width, height } = header
  const indices = new Uint8Array(width * height)
  const nibbles = header.compression === RLE4
  let at = header.pixelsAt
  let x = 0
  let row = 0
  const put = (value: number) => {
    if (x < width && row < height) indices[fileRow(header, row) * width + x] = value
    x++
  }
  while (row < height) {
    if (at + 1 >= bytes.length) throw damaged('the file is cut off within the picture')
    const count = bytes[at++] ?? 0
    const value = bytes[at++] ?? 0
    if (count > 0) for (let i = 0; i < count; i++) put(nibbles ? (i % 2 === 0 ? value >> 4 : value & 15) : value)
    else if (value === 0) {
      x = 0
      row++
    } else if (value === 1) break
    else if (value === 2) {
      x += bytes[at++] ?? 0
      row += bytes[at++] ?? 0
    } else {
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + (nibbles ? i >> 1 : i)] ?? 0
        put(nibbles ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte)
      }
      const length = nibbles ? (value + 1) >> 1 : value
      at += length + (length % 2)
    }
  }
  return indices
}

function renderIndices(bytes: Buffer, header: Header, indices: Uint8Array): Bitmap {
  const data = Buffer.alloc(indices.length * 3)
  for (const [i, index] of indices.entries()) {
    const entry = header.paletteAt + Math.min(index, header.paletteLength - 1) * header.entrySize
    data[i * 3] = bytes[entry + 2] ?? 0
    data[i * 3 + 1] = bytes[entry + 1] ?? 0
    data[i * 3 + 2] = bytes[entry] ?? 0
  }
  return { width: header.width, height: header.height, channels: 3, data }
}

function renderColours(bytes: Buffer, header: Header, stride: number): Bitmap {
  const { width, height, bits } = header
  const size = bits / 8
  const channels = header.masks[3] === 0 ? 3 : 4
  const parts = header.masks.slice(0, channels).map(makeScale)
  const data = Buffer.alloc(width * height * channels)
  let to = 0
  for (let y = 0; y < height; y++) {
    let at = header.pixelsAt + fileRow(header, y) * stride
    for (let x = 0; x < width; x++, at += size) {
      const value = at + size <= bytes.length ? bytes.readUIntLE(at, size) : 0
      for (const { mask, shift, max } of parts) data[to++] = max === 0 ? 0 : Math.round((((value & mask) >>> shift) * 255) / max)
    }
  }
  return { width, height, channels, data }
}

function makeScale(mask: number): { mask: number; shift: number; max: number } {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)
  return { mask, shift, max: mask >>> shift }
}

function damaged(what: string): FototecaError {
  return new FototecaError('unreadable_picture', `this BMP is damaged: ${what}`)
}
