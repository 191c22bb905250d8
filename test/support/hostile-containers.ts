/** @file More files that mean harm: bombs in chunks, scans and grids, directories in circles, promises of gigabytes, one file that is two things. */
import { crc32, deflateRawSync, constants as zlib } from 'node:zlib'
import { makeBitmap, makePngChunk } from './hostile-files.ts'

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/** A zlib stream that unpacks to `megabytes` of zeros, made without packing them one by one: a thousandth of its size. */
export function makeZeroBomb(megabytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(1_048_576), { finishFlush: zlib.Z_FULL_FLUSH, level: 9 })
  const sum = Buffer.alloc(4)
  sum.writeUInt16BE((megabytes * 1_048_576) % 65_521, 0) // Adler-32 of zeros
  sum.writeUInt16BE(1, 2)
  return Buffer.concat([Buffer.from([0x78, 0xda]), ...Array.from({ length: megabytes }, () => block), Buffer.from([3, 0]), sum])
}

interface PngOptions {
  readonly colourType?: number
  readonly depth?: number
  readonly interlaced?: boolean
  /** zlib stream of the rows; one that does not fit is part of the harm */
  readonly rows: Buffer
  /** chunks before the rows */
  readonly chunks?: readonly Buffer[]
}

export function makePng(
  width: number,
  height: number,
  { colourType = 0, depth = 8, interlaced = false, rows, chunks = [] }: PngOptions,
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8)
  const parts = [makePngChunk('IHDR', header), ...chunks, makePngChunk('IDAT', rows), makePngChunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([PNG_SIGNATURE, ...parts])
}

/** A sound little PNG with a compressed text, a compressed profile or a compressed Exif block that unpacks to `megabytes`. */
export function makePngWithBomb(kind: 'zTXt' | 'iCCP' | 'iTXt' | 'Raw profile', megabytes: number): Buffer {
  const bomb = makeZeroBomb(megabytes)
  const head = {
    zTXt: 'Comment\0\0',
    iCCP: 'profile\0\0',
    iTXt: 'XML:com.adobe.xmp\0\x01\0\0\0',
    'Raw profile': 'Raw profile type exif\0\0',
  }[kind]
  const chunk = makePngChunk(kind === 'Raw profile' ? 'zTXt' : kind, Buffer.concat([Buffer.from(head, 'latin1'), bomb]))
  return makePng(1, 1, { rows: deflateZeros(2), chunks: [chunk] })
}

function deflateZeros(bytes: number): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt16BE(bytes % 65_521, 0)
  sum.writeUInt16BE(1, 2)
  return Buffer.concat([Buffer.from([0x78, 0xda]), deflateRawSync(Buffer.alloc(bytes)), sum])
}

/** An animated PNG of `frames` one-pixel frames. */
export function makeApng(frames: number): Buffer {
  const control = Buffer.alloc(8)
  control.writeUInt32BE(frames, 0)
  const rows = deflateZeros(2)
  const frame = (index: number) => {
    const where = Buffer.alloc(26)
    where.writeUInt32BE(index * 2, 0)
    where.writeUInt32BE(1, 4)
    where.writeUInt32BE(1, 8)
    const number = Buffer.alloc(4)
    number.writeUInt32BE(index * 2 + 1, 0)
    return Buffer.concat([makePngChunk('fcTL', where), makePngChunk('fdAT', Buffer.concat([number, rows]))])
  }
  const whole = makePng(1, 1, { rows, chunks: [makePngChunk('acTL', control)] })
  return Buffer.concat([whole.subarray(0, -12), ...Array.from({ length: frames }, (_, index) => frame(index)), whole.subarray(-12)])
}

/** The same PNG with one bit of the check sum of its first chunk of `type` turned. */
export function breakChecksum(png: Buffer, type: string): Buffer {
  const broken = Buffer.from(png)
  const at = broken.indexOf(type, 8, 'latin1')
  const end = at + 4 + broken.readUInt32BE(at - 4)
  broken.writeUInt32BE((crc32(broken.subarray(at, end)) ^ 1) >>> 0, end)
  return broken
}

function makeSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

/** Puts segments behind the first two bytes of a JPEG. */
export function addSegments(jpeg: Buffer, marker: number, ...datas: readonly Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...datas.map((data) => makeSegment(marker, data)), jpeg.subarray(2)])
}

/** A grey progressive JPEG of width × height whose one pass over the coefficients is repeated `scans` times. */
export function makeScanBomb(width: number, height: number, scans: number): Buffer {
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0])
  frame.writeUInt16BE(height, 1)
  frame.writeUInt16BE(width, 3)
  // one code each, `0`: the difference 0 for DC, a run of 2^14 + 14 bits of blocks without coefficients for AC
  const table = (kind: number, symbol: number) => makeSegment(0xc4, Buffer.from([kind, 1, ...new Array<number>(15).fill(0), symbol]))
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  const runs = '011111111111111'.repeat(Math.ceil(blocks / 32_767)).padEnd(8 * Math.ceil((15 * Math.ceil(blocks / 32_767)) / 8), '0')
  const ac = (runs.match(/.{8}/g) ?? []).flatMap((bits) => (bits === '11111111' ? [0xff, 0] : [Number.parseInt(bits, 2)]))
  const scan = (from: number, to: number, data: Buffer) => Buffer.concat([makeSegment(0xda, Buffer.from([1, 1, 0, from, to, 0])), data])
  const repeated = scan(1, 63, Buffer.from(ac))
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    makeSegment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 1)])),
    makeSegment(0xc2, frame),
    table(0x00, 0),
    table(0x10, 0xe0),
    scan(0, 0, Buffer.alloc(Math.ceil(blocks / 8))),
    ...Array.from({ length: scans }, () => repeated),
    Buffer.from([0xff, 0xd9]),
  ])
}

type TiffValue = number | Buffer
/** `[tag, type, value]`; a Buffer lies elsewhere in the file. @param count when it differs from what the value has */
type TiffEntry = readonly [tag: number, type: number, value: TiffValue, count?: number]
const TIFF_SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8, 11: 4, 12: 8 }

/** A little-endian TIFF of one directory. `data` follows it and begins at the position that is told to `entries`. */
export function makeTiff(entries: (dataAt: number) => readonly TiffEntry[], data: Buffer = Buffer.alloc(0), next = 0): Buffer {
  const count = entries(0).length
  const dataAt = 8 + 2 + count * 12 + 4
  const directory = Buffer.alloc(dataAt)
  directory.write('II*\0', 0, 'latin1')
  directory.writeUInt32LE(8, 4)
  directory.writeUInt16LE(count, 8)
  const outside: Buffer[] = []
  let outsideAt = dataAt + data.length
  for (const [index, [tag, type, value, told]] of entries(dataAt).entries()) {
    const at = 10 + index * 12
    directory.writeUInt16LE(tag, at)
    directory.writeUInt16LE(type, at + 2)
    if (typeof value === 'number') {
      directory.writeUInt32LE(told ?? 1, at + 4)
      directory.writeUInt32LE(value >>> 0, at + 8)
      continue
    }
    directory.writeUInt32LE(told ?? value.length / (TIFF_SIZES[type] ?? 1), at + 4)
    if (value.length <= 4) value.copy(directory, at + 8)
    else {
      directory.writeUInt32LE(outsideAt, at + 8)
      outside.push(value)
      outsideAt += value.length
    }
  }
  directory.writeUInt32LE(next, 10 + count * 12)
  return Buffer.concat([directory, data, ...outside])
}

const LONG = 4
const SHORT = 3
const ASCII = 2
const RATIONAL = 5
const UNDEFINED = 7

/** A grey TIFF that says its one strip has `bytes` bytes at `at` (inside the file or far outside). */
export function makeTiffStrip(width: number, height: number, bytes: number, at?: number): Buffer {
  return makeTiff(
    (dataAt) => [
      [256, LONG, width],
      [257, LONG, height],
      [258, SHORT, 8],
      [259, SHORT, 1],
      [262, SHORT, 1],
      [273, LONG, at ?? dataAt],
      [278, LONG, height],
      [279, LONG, bytes],
    ],
    Buffer.alloc(64, 0x77),
  )
}

/** One tile of `side`², though the picture is small. */
export function makeTiffTile(side: number): Buffer {
  return makeTiff(
    (dataAt) => [
      [256, LONG, 16],
      [257, LONG, 16],
      [258, SHORT, 8],
      [259, SHORT, 8], // deflate
      [262, SHORT, 1],
      [322, LONG, side],
      [323, LONG, side],
      [324, LONG, dataAt],
      [325, LONG, 64],
    ],
    makeZeroBomb(1).subarray(0, 64),
  )
}

/** A DNG that says it is of `width` × `height`, with a preview of `preview` bytes though only those of `jpeg` are there. */
export function makeDng(width: number, height: number, jpeg: Buffer, previewBytes = jpeg.length): Buffer {
  return makeTiff(
    (dataAt) => [
      [254, LONG, 1],
      [256, LONG, width],
      [257, LONG, height],
      [258, SHORT, 16],
      [259, SHORT, 7],
      [262, SHORT, 6],
      [271, ASCII, Buffer.from('Maker\0')],
      [273, LONG, dataAt],
      [274, SHORT, 1],
      [278, LONG, height],
      [279, LONG, previewBytes],
      [50_706, 1, Buffer.from([1, 4, 0, 0])],
    ],
    jpeg,
  )
}

const rational = (...parts: readonly number[]) => {
  const bytes = Buffer.alloc(parts.length * 4)
  for (const [index, part] of parts.entries()) bytes.writeUInt32LE(part, index * 4)
  return bytes
}

/** An Exif segment whose directories point at themselves, with times that never were and positions of nothing. */
export function makeExifSegment(): Buffer {
  const tiff = makeTiff(
    () => [
      [271, ASCII, Buffer.from(`${'M'.repeat(5000)}\0`)],
      [274, SHORT, 99],
      [306, ASCII, Buffer.from('9999:99:99 99:99:99\0')],
      [33_434, RATIONAL, rational(1, 0)],
      [33_437, RATIONAL, rational(0, 0)],
      [34_665, LONG, 8], // the Exif directory is this one
      [34_853, LONG, 8], // so is the one of the position
      [36_867, ASCII, Buffer.from('0000:00:00 00:00:00\0')],
      [36_868, ASCII, Buffer.from('-001:13:45 27:61:61\0')],
      [37_500, UNDEFINED, 8, 0xffffffff], // maker notes of 4 GB
      [37_510, UNDEFINED, Buffer.from('UNICODE\0\xd8\0\xd8\0\0\0', 'latin1')],
      [40_965, LONG, 8],
    ],
    Buffer.alloc(0),
    8,
  )
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
}

/** GPS of 0/0, -91°, 999 minutes; a date stamp of the year 0. */
export function makeGpsSegment(): Buffer {
  const gps = makeTiff(() => [
    [1, ASCII, Buffer.from('X\0')],
    [2, RATIONAL, rational(0, 0, 0, 0, 0, 0)],
    [3, ASCII, Buffer.from('\0\0')],
    [4, RATIONAL, rational(4_294_967_295, 1, 999, 1, 1, 0)],
    [6, RATIONAL, rational(4_294_967_295, 0)],
    [7, RATIONAL, rational(99, 1, 99, 1, 99, 0)],
    [29, ASCII, Buffer.from('0000:00:00\0')],
  ])
  // as a TIFF of its own behind the outer one; the pointer leads to its directory, whose offsets count from the outer beginning
  const outer = makeTiff(() => [[34_853, LONG, 26]])
  const directory = Buffer.from(gps.subarray(8))
  const shift = outer.length - 8
  for (let index = 0; index < 7; index++) {
    const at = 2 + index * 12
    const bytes = directory.readUInt32LE(at + 4) * (TIFF_SIZES[directory.readUInt16LE(at + 2)] ?? 1)
    if (bytes > 4) directory.writeUInt32LE(directory.readUInt32LE(at + 8) + shift, at + 8)
  }
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), outer, directory])
}

/** XMP whose entities would unfold to 10^9 words. */
export function makeXmpSegment(): Buffer {
  const entities = Array.from({ length: 9 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join('')
  const xmp = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${entities}<!ENTITY f SYSTEM "file:///etc/passwd">]>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="NaN">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">&l9;&f;</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`
  return Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp}`, 'latin1')
}

/** An ICC profile that is none, in `parts` segments. */
export function makeProfileSegments(parts: number): Buffer[] {
  return Array.from({ length: parts }, (_, index) =>
    Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([index + 1, parts]), Buffer.alloc(60_000, 0x5a)]),
  )
}

const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
const u8 = (...values: readonly number[]) => Buffer.from(values)
const u16 = (...values: readonly number[]) => Buffer.concat(values.map((value) => u8(value >> 8, value & 255)))
const u32 = (...values: readonly number[]) => Buffer.concat(values.map((value) => u16(value >>> 16, value & 0xffff)))
const text = (value: string) => Buffer.from(value, 'latin1')

export interface GridOptions {
  /** codec of the tiles and its configuration box: those of a sound file */
  readonly tile: { readonly type: string; readonly config: Buffer; readonly data: Buffer; readonly width: number; readonly height: number }
  readonly brand: 'avif' | 'heic'
  readonly rows: number
  readonly columns: number
  /** items the grid is made of; its own id (1) makes a circle */
  readonly from: (index: number) => number
  /** how many items (2, 3, …) the tile is, each of the same bytes: one unless told */
  readonly tiles?: number
  /** what the grid says it measures; the sum of its tiles unless told */
  readonly size?: readonly [number, number]
}

/** A picture (item 1) put together of tiles (item 2, again and again, unless there are more of them). */
export function makeGrid({
  tile,
  brand,
  rows,
  columns,
  from,
  tiles = 1,
  size = [columns * tile.width, rows * tile.height],
}: GridOptions): Buffer {
  const grid = Buffer.concat([u8(0, 1, rows - 1, columns - 1), u32(...size)])
  const head = box('ftyp', text(brand), u32(0), text(`mif1${brand}miaf`))
  const ids = Array.from({ length: tiles }, (_, index) => index + 2)
  const references = Array.from({ length: rows * columns }, (_, index) => from(index))
  const meta = (tileAt: number) =>
    box(
      'meta',
      u32(0),
      box('hdlr', u32(0, 0), text('pict'), u32(0, 0, 0), u8(0)),
      box('pitm', u32(0), u16(1)),
      box(
        'iloc',
        u32(0x01000000),
        u8(0x44, 0),
        u16(1 + tiles),
        u16(1, 1, 0, 1),
        u32(0, grid.length),
        ...ids.flatMap((id) => [u16(id, 0, 0, 1), u32(tileAt, tile.data.length)]),
      ),
      box(
        'iinf',
        u32(0),
        u16(1 + tiles),
        ...[1, ...ids].map((id) => box('infe', u32(0x02000000), u16(id, 0), text(id === 1 ? 'grid' : tile.type), u8(0))),
      ),
      box('iref', u32(0), box('dimg', u16(1, references.length, ...references))),
      box(
        'iprp',
        box(
          'ipco',
          box('ispe', u32(0, ...size)),
          box('ispe', u32(0, tile.width, tile.height)),
          tile.config,
          box('pixi', u32(0), u8(3, 8, 8, 8)),
        ),
        box('ipma', u32(0, 1 + tiles), u16(1), u8(2, 1, 4), ...ids.flatMap((id) => [u16(id), u8(3, 2, 0x83, 4)])),
      ),
      box('idat', grid),
    )
  const tileAt = head.length + meta(0).length + 8
  return Buffer.concat([head, meta(tileAt), box('mdat', tile.data)])
}

/** The coded picture of a sound AVIF of one item, as sharp writes it, or of such a HEIC. */
export function takeTile(file: Buffer, width: number, height: number): GridOptions['tile'] {
  const isAvif = file.includes('av1C', 0, 'latin1')
  const configAt = file.indexOf(isAvif ? 'av1C' : 'hvcC', 0, 'latin1') - 4
  const dataAt = file.indexOf('mdat', 0, 'latin1') + 4
  return {
    type: isAvif ? 'av01' : 'hvc1',
    config: file.subarray(configAt, configAt + file.readUInt32BE(configAt)),
    data: file.subarray(dataAt),
    width,
    height,
  }
}

/** An animated WebP whose canvas is width × height and whose one frame is a picture of 1 × 1. */
export function makeWebpCanvas(width: number, height: number, webp: Buffer, frames: number): Buffer {
  const u24 = (value: number) => u8(value & 255, (value >> 8) & 255, value >> 16)
  const chunk = (type: string, data: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(type, 0, 'latin1')
    head.writeUInt32LE(data.length, 4)
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
  }
  const frame = chunk('ANMF', Buffer.concat([u24(0), u24(0), u24(0), u24(0), u24(0), u8(0), webp.subarray(12)]))
  const body = Buffer.concat([
    text('WEBP'),
    chunk('VP8X', Buffer.concat([u8(2, 0, 0, 0), u24(width - 1), u24(height - 1)])),
    chunk('ANIM', Buffer.alloc(6)),
    ...Array.from({ length: frames }, () => frame),
  ])
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

/** A BMP of run lengths, width × height, that ends at once. */
export function makeRunsBitmap(width: number, height: number): Buffer {
  const bytes = Buffer.concat([makeBitmap(1, 1, new Uint8Array(3)).subarray(0, 54), Buffer.alloc(1024), u8(0, 1)])
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt32LE(54 + 1024, 10)
  bytes.writeUInt16LE(8, 28)
  bytes.writeUInt32LE(1, 30)
  return bytes
}
