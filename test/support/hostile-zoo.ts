/** @file Pictures of every format that take much more memory than their bytes tell, and the largest ones that are still to be decoded. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import sharp, { type Sharp } from 'sharp'
import type { PhotoFormat } from '../../src/contract/words.ts'
import { makeGrid, makePng, makeRunsBitmap, makeTiffTile, makeWebpCanvas, makeZeroBomb, takeTile } from './hostile-containers.ts'
import { makeGif } from './hostile-files.ts'
import { heicPath } from './pictures.ts'

export interface ZooPicture {
  readonly name: string
  /** of the file’s name; svg and jp2 are not read at all */
  readonly extension: PhotoFormat | 'svg' | 'jp2'
  readonly make: () => Buffer | Promise<Buffer>
}

const plain = (width: number, height = width): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#7a5' }, limitInputPixels: false })

/** As phones write grids: each tile an item of its own (libheif takes up to 255), here of the same bytes. */
const eachItsOwn = (tiles: number) => ({ tiles, from: (index: number) => index + 2 })

async function makeAvif(across: number, down: number, bitdepth: 8 | 10 = 8, side = 512): Promise<Buffer> {
  const tile = takeTile(await plain(side).avif({ chromaSubsampling: '4:2:0', bitdepth }).toBuffer(), side, side)
  return makeGrid({ tile, brand: 'avif', rows: down, columns: across, ...eachItsOwn(across * down) })
}

function makeHeic(across: number, down: number): Buffer {
  const tile = takeTile(readFileSync(heicPath('coffee')), 640, 424)
  return makeGrid({ tile, brand: 'heic', rows: down, columns: across, ...eachItsOwn(across * down) })
}

/** A PNG of 16 bits that must be whole in memory: 6 bytes a pixel, and a thousandth of that in the file. @param rows whether they are there */
const makeInterlaced = (side: number, rows = true): Buffer => {
  const megabytes = rows ? Math.ceil((side * side * 6 + 2 * side) / 2 ** 20) : 1
  return makePng(side, side, { colourType: 2, depth: 16, interlaced: true, rows: makeZeroBomb(megabytes) })
}

/** A progressive JPEG of 4:4:4: a decoder keeps 6 bytes a pixel. */
export const makeProgressive = (side: number): Promise<Buffer> =>
  plain(side).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()

/** An AVIF of one frame, 16 bytes a pixel, in 1 kB. */
export const makeFrame = (side: number): Promise<Buffer> =>
  plain(side).avif({ effort: 0, quality: 1, chromaSubsampling: '4:2:0' }).toBuffer()

/** Header and first scan of a progressive JPEG of 4:4:4; nothing is behind them. */
function makeProgressiveHeader(side: number): Buffer {
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0, 0, 0, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
  frame.writeUInt16BE(side, 5)
  frame.writeUInt16BE(side, 7)
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    frame,
    Buffer.from([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    Buffer.alloc(64),
  ])
}

/** More than a machine of 4 GiB gives to decodes (600 MB), or nothing that is read here. */
export const TOO_LARGE: readonly ZooPicture[] = [
  { name: 'AVIF of 149 MP in 4 kB', extension: 'avif', make: () => makeAvif(12, 12, 8, 1016) },
  { name: 'AVIF of 26 MP in 10 bits', extension: 'avif', make: () => makeAvif(10, 10, 10) },
  { name: 'AVIF of 38 MP', extension: 'avif', make: () => makeAvif(12, 12) },
  { name: 'HEIC grid of 68 MP', extension: 'heic', make: () => makeHeic(12, 21) },
  { name: 'PNG of 149 MP, 16 bits, interlaced', extension: 'png', make: () => makeInterlaced(12_200, false) },
  { name: 'JPEG of 149 MP, progressive 4:4:4', extension: 'jpeg', make: () => makeProgressiveHeader(12_200) },
  {
    name: 'WebP of 144 MP, moving',
    extension: 'webp',
    make: async () => makeWebpCanvas(12_000, 12_000, await plain(64).webp().toBuffer(), 3),
  },
  { name: 'GIF of 149 MP', extension: 'gif', make: () => makeGif(1, 12_200, 12_200) },
  { name: 'TIFF of one tile of 144 MP', extension: 'tiff', make: () => makeTiffTile(12_000) },
  { name: 'BMP of 149 MP in run lengths', extension: 'bmp', make: () => makeRunsBitmap(12_200, 12_200) },
  {
    name: 'SVG',
    extension: 'svg',
    make: () =>
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="12200" height="12200"><rect width="100%" height="100%"/></svg>'),
  },
  { name: 'JPEG 2000', extension: 'jp2', make: () => Buffer.concat([Buffer.from('0000000c6a5020200d0a870a', 'hex'), Buffer.alloc(200)]) },
]

/** As large as they may be on a machine of 4 GiB. */
export const STILL_TAKEN: readonly ZooPicture[] = [
  { name: 'JPEG of 100 MP, baseline', extension: 'jpeg', make: () => plain(10_000).jpeg().toBuffer() },
  { name: 'JPEG of 100 MP, baseline CMYK', extension: 'jpeg', make: () => plain(10_000).toColourspace('cmyk').jpeg().toBuffer() },
  { name: 'JPEG of 100 MP, progressive', extension: 'jpeg', make: () => plain(10_000).jpeg({ progressive: true }).toBuffer() },
  { name: 'HEIC grid of 53 MP', extension: 'heic', make: () => makeHeic(13, 15) },
  { name: 'AVIF of 29 MP, in tiles', extension: 'avif', make: () => makeAvif(10, 11) },
  { name: 'AVIF of 29 MP, one frame', extension: 'avif', make: () => makeFrame(5400) },
  { name: 'PNG of 64 MP, 16 bits, interlaced', extension: 'png', make: () => makeInterlaced(8000) },
  { name: 'WebP of 64 MP, lossless', extension: 'webp', make: () => plain(8000).webp({ lossless: true, effort: 0 }).toBuffer() },
  { name: 'GIF of 88 MP', extension: 'gif', make: () => makeGif(1, 9400, 9400) },
  {
    name: 'TIFF of 64 MP in tiles of 1024',
    extension: 'tiff',
    make: () => plain(8000).tiff({ compression: 'lzw', tile: true, tileWidth: 1024, tileHeight: 1024 }).toBuffer(),
  },
]

/** The same picture in other bytes, so that it is another photo. */
export function makeAnother(bytes: Buffer): Buffer {
  // boxes end where they say; every other format leaves alone what lies behind its end
  return Buffer.concat([bytes, Buffer.from([0, 0, 0, 16]), Buffer.from('free'), randomBytes(8)])
}
