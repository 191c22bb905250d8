/** @file Files made to do harm by what they unpack to, point at or promise: a picture or a sentence, in little memory. */
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FototecaError } from '../../../src/domain/errors.ts'
import { decodePicture } from '../../../src/media/decode.ts'
import { endExiftool } from '../../../src/media/exiftool.ts'
import { endHeif } from '../../../src/media/heif.ts'
import { type PhotoMetadata, readMetadata } from '../../../src/media/metadata.ts'
import { sniffFormat } from '../../../src/media/sniff.ts'
import {
  addSegments,
  breakChecksum,
  type GridOptions,
  makeApng,
  makeDng,
  makeExifSegment,
  makeGpsSegment,
  makeGrid,
  makePng,
  makePngWithBomb,
  makeProfileSegments,
  makeRunsBitmap,
  makeScanBomb,
  makeTiffStrip,
  makeTiffTile,
  makeWebpCanvas,
  makeXmpSegment,
  makeZeroBomb,
  takeTile,
} from '../../support/hostile-containers.ts'
import { makeBitmap } from '../../support/hostile-files.ts'
import { LIMITS } from '../../support/media.ts'
import { heicPath } from '../../support/pictures.ts'

let dir: string
let jpeg: Buffer
let png: Buffer
let webp: Buffer
let tile: GridOptions['tile']
let heicTile: GridOptions['tile']
const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#7a5' } })

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-bombs-'))
  jpeg = await plain(64, 48).jpeg().toBuffer()
  png = await plain(64, 48).png().toBuffer()
  webp = await plain(1, 1).webp().toBuffer()
  tile = takeTile(await plain(64, 64).avif({ chromaSubsampling: '4:2:0' }).toBuffer(), 64, 64)
  heicTile = takeTile(await readFile(heicPath('coffee')), 640, 424)
})
afterAll(async () => {
  await endHeif()
  await endExiftool()
  await rm(dir, { recursive: true, force: true })
})

async function meet(bytes: Uint8Array, limits = LIMITS): Promise<string> {
  const path = join(dir, 'file.jpg')
  await writeFile(path, bytes)
  const sniffed = await sniffFormat(path)
  if ('refused' in sniffed) return `refused: ${sniffed.refused}`
  try {
    const { width, height } = await decodePicture(path, sniffed.format, limits, new AbortController().signal)
    return `${width} × ${height}`
  } catch (error) {
    if (!(error instanceof FototecaError)) throw error
    return `${error.code}: ${error.message}`
  }
}

async function readFrom(bytes: Uint8Array): Promise<PhotoMetadata> {
  const path = join(dir, 'metadata.jpg')
  await writeFile(path, bytes)
  const sniffed = await sniffFormat(path)
  if ('refused' in sniffed) throw new Error(sniffed.refused)
  return await readMetadata(path, sniffed.format)
}

const grid = (options: Partial<GridOptions>): Buffer => makeGrid({ tile, brand: 'avif', rows: 2, columns: 2, from: () => 2, ...options })
/** Of four tiles that a phone’s decoder takes, each an item of its own, as phones write them; `options` do the harm. */
const heicGrid = (options: Partial<GridOptions> = {}): Buffer => {
  const { rows = 2, columns = 2 } = options
  return makeGrid({ tile: heicTile, brand: 'heic', rows, columns, tiles: rows * columns, from: (index) => index + 2, ...options })
}
const bitmap = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = makeBitmap(2, 2, new Uint8Array(12))
  change(bytes)
  return bytes
}

describe('is met with a picture or a sentence', () => {
  test.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['a JPEG that is a PDF too', () => Buffer.concat([jpeg, Buffer.from('%PDF-1.7\n%%EOF')]), '64 × 48'],
    [
      'a PDF that is a JPEG too',
      () => Buffer.concat([Buffer.from('%PDF-1.7\n'), jpeg]),
      'refused: this is not a picture: it looks like a PDF',
    ],
    [
      'a ZIP that is a JPEG too',
      () => Buffer.concat([Buffer.from('504b0304140000000000', 'hex'), Buffer.alloc(20), jpeg]),
      'a ZIP archive',
    ],
    [
      'a JPEG of 100 segments of 64 KB',
      () => addSegments(jpeg, 0xfe, ...Array.from({ length: 100 }, () => Buffer.alloc(65_533, 65))),
      '64 × 48',
    ],
    ['a JPEG of 90 scans', () => makeScanBomb(600, 600, 90), '600 × 600'],
    ['a JPEG of 20,000 scans', () => makeScanBomb(800, 800, 20_000), 'too_large: the JPEG has more than 100 scans'],
    [
      'the preview of a RAW in 20,000 scans',
      () => makeDng(4000, 3000, makeScanBomb(800, 800, 20_000)),
      'too_large: the JPEG has more than',
    ],
    ['a RAW that says a size no camera has', () => makeDng(0xffffffff, 0xffffffff, jpeg), '64 × 48'],
    ['a RAW that says a sensible size', () => makeDng(4000, 3000, jpeg), '4000 × 3000'],
    ['a RAW whose preview has 4 GB, it says', () => makeDng(4000, 3000, jpeg, 0xffffff00), 'unreadable_picture: this DNG holds no preview'],
    ['a PNG whose rows go on for 200 MB', () => makePng(2, 2, { rows: makeZeroBomb(200) }), '2 × 2'],
    ['a PNG with a text of 200 MB', () => makePngWithBomb('zTXt', 200), '1 × 1'],
    ['a PNG with a profile of 200 MB', () => makePngWithBomb('iCCP', 200), '1 × 1'],
    ['an animated PNG of 5,000 frames', () => makeApng(5000), '1 × 1'],
    ['a PNG whose header fails its check', () => breakChecksum(png, 'IHDR'), 'unreadable_picture: the file is cut off or damaged'],
    ['a PNG whose rows fail their check', () => breakChecksum(png, 'IDAT'), 'unreadable_picture: the file is cut off or damaged'],
    [
      'a PNG of colours that do not exist',
      () => makePng(8, 8, { rows: makeZeroBomb(1), colourType: 5 }),
      'the beginning of this PNG file is damaged',
    ],
    ['a PNG without its palette', () => makePng(8, 8, { rows: makeZeroBomb(1), colourType: 3 }), 'unreadable_picture'],
    ['a PNG of 1 × 65,535', () => makePng(1, 65_535, { rows: makeZeroBomb(1) }), '1 × 65535'],
    ['a JPEG of 65,500 × 1', () => plain(65_500, 1).jpeg().toBuffer(), '65500 × 1'],
    ['a WebP whose canvas has 16,383²', () => makeWebpCanvas(16_383, 16_383, webp, 3), 'too_large: the picture has 16383 × 16383'],
    ['an AVIF of tiles', () => grid({}), '128 × 128'],
    ['an AVIF of tiles that says 60,000²', () => grid({ size: [60_000, 60_000] }), 'too_large: the picture has 60000 × 60000'],
    ['an AVIF of 35,000 tiles that are one', () => grid({ rows: 187, columns: 187 }), 'unreadable_picture'],
    ['an AVIF made of itself', () => grid({ from: (index) => (index === 3 ? 1 : 2) }), 'unreadable_picture'],
    ['an AVIF of tiles that are not there', () => grid({ from: (index) => 2 + index * 1000 }), 'unreadable_picture'],
    [
      'a HEIC made of itself',
      () => grid({ brand: 'heic', from: (index) => index + 1 }),
      'unreadable_picture: this HEIC file cannot be read',
    ],
    [
      'a HEIC of tiles that are not there',
      () => grid({ brand: 'heic', from: (index) => 2 + index * 1000 }),
      'unreadable_picture: this HEIC',
    ],
    ['a HEIC of tiles', () => heicGrid(), '1280 × 848'],
    ['a HEIC of tiles that says 60,000²', () => heicGrid({ size: [60_000, 60_000] }), 'too_large: the picture has 60000 × 60000'],
    [
      'a HEIC of 40,000 tiles in a picture of four',
      () => heicGrid({ rows: 200, columns: 200, size: [1280, 848] }),
      'too_large: this HEIC needs',
    ],
    ['a HEIC of 10,000 tiles', () => heicGrid({ rows: 100, columns: 100 }), 'too_large'],
    ['a HEIC of which one tile is missing', () => heicGrid({ tiles: 3 }), 'unreadable_picture: this HEIC file cannot be read'],
    ['a HEIC of which every tile is missing', () => heicGrid({ from: (index) => 1000 + index }), 'unreadable_picture: this HEIC'],
    ['a HEIC that is its own tile', () => heicGrid({ from: (index) => index + 1 }), 'unreadable_picture: this HEIC'],
    ['a HEIC of one tile four times', () => heicGrid({ from: () => 2 }), 'unreadable_picture: this HEIC'],
    [
      'a HEIC whose tiles say they are smaller',
      () => heicGrid({ tile: { ...heicTile, width: 64, height: 64 } }),
      'unreadable_picture: this HEIC',
    ],
    [
      'a HEIC whose tiles say they are larger',
      () => heicGrid({ tile: { ...heicTile, width: 6000, height: 6000 } }),
      'unreadable_picture: this HEIC',
    ],
    ['a HEIC that is larger than its tiles', () => heicGrid({ size: [12_000, 12_000] }), 'unreadable_picture: this HEIC'],
    ['a HEIC that is smaller than its tiles', () => heicGrid({ size: [1, 1] }), '1 × 1'],
    ['a HEIC of no size', () => heicGrid({ size: [0, 0] }), 'unreadable_picture'],
    ['a HEIC of tiles after all of these', () => heicGrid(), '1280 × 848'],
    ['a TIFF whose strip has 4 GB, it says', () => makeTiffStrip(8, 8, 0xffffffff), '8 × 8'],
    ['a TIFF whose strip is not there', () => makeTiffStrip(8, 8, 64, 0xfffffff0), 'unreadable_picture: the file is cut off or damaged'],
    ['a TIFF of a tile of 65,536²', () => makeTiffTile(65_536), 'unreadable_picture'],
    ['a TIFF of tiles of nothing', () => makeTiffTile(0), 'unreadable_picture'],
    ['a TIFF of 16 bits', () => plain(40, 30).toColourspace('rgb16').tiff().toBuffer(), '40 × 30'],
    ['a TIFF in CMYK', () => plain(40, 30).toColourspace('cmyk').tiff().toBuffer(), '40 × 30'],
    ['a TIFF of floating numbers', () => plain(40, 30).toColourspace('scrgb').tiff().toBuffer(), '40 × 30'],
    ['a BMP of 3,000² that ends at once', () => makeRunsBitmap(3000, 3000), '3000 × 3000'],
    ['a BMP of −2^31 rows', () => bitmap((bytes) => bytes.writeInt32LE(-2_147_483_648, 22)), 'too_large: the picture has 2 × 2147483648'],
    [
      'a BMP whose pixels lie far behind its end',
      () => bitmap((bytes) => bytes.writeUInt32LE(0xfffffff0, 10)),
      'unreadable_picture: this BMP is damaged',
    ],
    ['a JPEG with 50 parts of no profile', () => addSegments(jpeg, 0xe2, ...makeProfileSegments(50)), '64 × 48'],
  ])('%s', async (_, make, wanted) => {
    const outcome = await meet(await make())
    expect(outcome).toContain(wanted)
    expect(outcome).not.toMatch(/vips|libpng|heif_|undefined|NaN/i)
  })

  test('what takes longer than it may says so, and which setting allows more', async () => {
    const path = join(dir, 'long.png')
    await writeFile(path, makePng(9000, 9000, { rows: makeZeroBomb(80), interlaced: true }))
    await expect(decodePicture(path, 'png', LIMITS, AbortSignal.timeout(1))).rejects.toMatchObject({
      code: 'timed_out',
      message: expect.stringContaining('FOTOTECA_DECODE_TIMEOUT_MS'),
    })
  })
})

describe('metadata', () => {
  test('what unpacks to hundreds of megabytes is left packed: perl stays small', async () => {
    for (const kind of ['zTXt', 'iTXt', 'iCCP', 'Raw profile'] as const)
      expect(await readFrom(makePngWithBomb(kind, 300))).toMatchObject({ title: null, description: null, colourProfile: null })
    expect(peakOfPerl()).toBeLessThan(200e6)
  })

  test('directories in a ring, times that never were, positions of nothing', async () => {
    const facts = await readFrom(addSegments(jpeg, 0xe1, makeExifSegment()))
    expect(facts).toMatchObject({ taken: null, position: null, orientation: null, aperture: null, exposureS: null })
    expect(facts.cameraMake).toHaveLength(200)
    expect(await readFrom(addSegments(jpeg, 0xe1, makeGpsSegment()))).toMatchObject({ position: null, altitudeM: null, taken: null })
  })

  test('a name with a line break is a name', async () => {
    const path = join(dir, 'two\nlines\tand a tab.jpg')
    await writeFile(path, addSegments(jpeg, 0xe1, makeXmpSegment()))
    expect((await readMetadata(path, 'jpeg')).title).toBe('&l9;&f;')
  })

  test('entities stay entities', async () => {
    const { title, rating } = await readFrom(addSegments(jpeg, 0xe1, makeXmpSegment()))
    expect(title).toBe('&l9;&f;')
    expect(rating).toBeNull()
  })
})

/** Bytes the exiftool process of this process has held at most; 0 where the system does not tell. */
function peakOfPerl(): number {
  if (process.platform !== 'linux') return 0
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')
  const perl = children.filter((id) => readFileSync(`/proc/${id}/cmdline`, 'latin1').includes('exiftool'))
  return Math.max(0, ...perl.map((id) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'latin1'))?.[1] ?? 0) * 1024))
}
