/** @file What a file is, by content: every format, RAW kinds built by hand, and the things that only pretend to be pictures. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sniffFormat } from '../../../src/media/sniff.ts'
import { heicPath, photoPath } from '../../support/pictures.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-sniff-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function sniffBytes(name: string, bytes: Buffer | string) {
  const path = join(dir, name)
  await writeFile(path, bytes)
  return sniffFormat(path)
}

interface Tag {
  tag: number
  value: number | string
}
/** A TIFF with one directory and, when asked, one sub-directory. */
function makeTiff(order: 'II' | 'MM', tags: Tag[], subTags?: Tag[]): Buffer {
  const little = order === 'II'
  const bytes = Buffer.alloc(1024)
  const u16 = (value: number, at: number) => (little ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at))
  const u32 = (value: number, at: number) => (little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at))
  bytes.write(order, 0, 'latin1')
  u16(42, 2)
  u32(16, 4)
  let text = 700
  const writeDirectory = (at: number, list: Tag[]) => {
    u16(list.length, at)
    for (const [index, { tag, value }] of list.entries()) {
      const entry = at + 2 + index * 12
      u16(tag, entry)
      u16(typeof value === 'string' ? 2 : 4, entry + 2)
      u32(typeof value === 'string' ? value.length + 1 : 1, entry + 4)
      u32(typeof value === 'string' ? text : value, entry + 8)
      if (typeof value === 'string') text += bytes.write(value, text, 'latin1') + 1
    }
  }
  writeDirectory(16, subTags ? [...tags, { tag: 330, value: 400 }] : tags)
  if (subTags) writeDirectory(400, subTags)
  return bytes
}
const CFA: Tag[] = [{ tag: 262, value: 32_803 }]

describe('RAW kinds', () => {
  test.each([
    ['nef', makeTiff('MM', [{ tag: 271, value: 'NIKON CORPORATION' }], CFA)],
    ['nef', makeTiff('II', [{ tag: 271, value: 'NIKON CORPORATION' }], [{ tag: 259, value: 34_713 }])],
    ['arw', makeTiff('II', [{ tag: 271, value: 'SONY' }], [{ tag: 259, value: 32_767 }])],
    [
      'dng',
      makeTiff(
        'II',
        [
          { tag: 271, value: 'NIKON CORPORATION' },
          { tag: 50_706, value: 1 },
        ],
        CFA,
      ),
    ],
    ['tiff', makeTiff('II', [{ tag: 271, value: 'NIKON CORPORATION' }], [{ tag: 259, value: 1 }])],
    ['tiff', makeTiff('MM', [{ tag: 259, value: 1 }])],
    ['cr2', Buffer.from('49492a0010000000435202000000000000000000', 'hex')],
    ['cr3', Buffer.from('00000018667479706372782000000001637278206973'.padEnd(64, '0'), 'hex')],
    ['raf', Buffer.from('FUJIFILMCCD-RAW 0201FF383501X-T3')],
    ['orf', Buffer.from('IIRO\x08\0\0\0', 'latin1')],
    ['rw2', Buffer.from('IIU\0\x18\0\0\0', 'latin1')],
    ['bmp', Buffer.from(`BM${'\0'.repeat(12)}\x28${'\0'.repeat(40)}`, 'latin1')],
  ])('%s', async (format, bytes) => {
    expect(await sniffBytes('picture.jpg', bytes)).toEqual({ format })
  })

  test('a maker that is not supported is named', async () => {
    expect(await sniffBytes('x.pef', makeTiff('MM', [{ tag: 271, value: 'PENTAX' }], CFA))).toEqual({
      refused: expect.stringContaining('PENTAX'),
    })
  })
})

describe('what only pretends to be a picture', () => {
  test.each([
    ['', 'empty'],
    ['<!DOCTYPE html><html><body>hello', 'HTML'],
    ['\n  <html><script>alert(1)</script>', 'HTML'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'SVG'],
    ['<?xml version="1.0"?>\n<!-- drawn -->\n<svg onload="alert(1)"/>', 'SVG'],
    ['<?xml version="1.0"?><note/>', 'XML'],
    ['%PDF-1.7\n', 'PDF'],
    ['PK\x03\x04\x14\0\0\0\0\0', 'ZIP'],
    ['Dear diary, today I saw ümlauts.', 'text'],
    ['BM is how this text begins, and a text it stays', 'text'],
    ['\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41', 'video'],
    ['\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'video'],
    ['\xff\xd8\x00\xe0', 'damaged'],
    ['P6\n2 2\n255\n', 'Netpbm'],
    ['\0\0\0\x01    \x80\0\0\0', 'no known picture format'],
    ['II*\0', 'after a few bytes'],
  ])('%j: %s', async (content, word) => {
    const bytes = content.includes('ü') ? Buffer.from(content, 'utf8') : Buffer.from(content, 'latin1')
    expect(await sniffBytes('holiday.jpg', bytes)).toEqual({ refused: expect.stringContaining(word) })
  })

  test('endless directories and wild offsets cost nothing and end', async () => {
    const wild = makeTiff('II', [
      { tag: 271, value: 4_000_000_000 },
      { tag: 330, value: 4_294_967_295 },
    ])
    wild.writeUInt16LE(65_535, 16)
    expect(await sniffBytes('wild.tif', wild)).toHaveProperty('format', 'tiff')
  })
})

describe('whole pictures', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('%s, whatever its name says', async (format) => {
    const photo = await sharp(photoPath('coffee')).resize(64).toFormat(format).toBuffer()
    for (const name of ['photo.nef', 'photo.svg', 'photo.bmp']) expect(await sniffBytes(name, photo)).toEqual({ format })
  })

  test('heic', async () => {
    expect(await sniffFormat(heicPath('coffee'))).toEqual({ format: 'heic' })
    expect(await sniffBytes('photo.jpg', await readFile(heicPath('quarters')))).toEqual({ format: 'heic' })
  })
})
