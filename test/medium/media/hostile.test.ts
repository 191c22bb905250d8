/** @file Files that mean harm: each ends in a picture or in an error a person understands; nothing hangs, memory stays bounded. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodePicture } from '../../../src/media/decode.ts'
import { endExiftool } from '../../../src/media/exiftool.ts'
import { endHeif } from '../../../src/media/heif.ts'
import { makeBitmap, makeGif, makeHollowPng, makeRandom, makeTiffPages } from '../../support/hostile-files.ts'
import { LIMITS } from '../../support/media.ts'
import { meet } from '../../support/meet-file.ts'
import { heicPath } from '../../support/pictures.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-hostile-'))
})
afterAll(async () => {
  await endHeif()
  await endExiftool()
  await rm(dir, { recursive: true, force: true })
})

async function meetBytes(name: string, bytes: Uint8Array, limits = LIMITS) {
  const path = join(dir, name)
  await writeFile(path, bytes)
  return meet(path, limits)
}

describe('more than there may be', () => {
  test.each([
    [
      'PNG of 65,535²',
      () => makeHollowPng(65_535, 65_535),
      'too_large: the picture has 65535 × 65535 pixels (4294.8 megapixels); at most 150 are decoded (setting FOTOTECA_MAX_PIXELS)',
    ],
    ['TIFF of 65,535²', () => makeTiffPages(1, { width: 65_535, height: 65_535 }), 'too_large'],
    ['TIFF of 100,000 pages', () => makeTiffPages(100_000), 'too_large: the file has more than 10000 frames'],
    ['GIF of 100,000 frames', () => makeGif(100_000), 'too_large: the file has more than 10000 frames'],
    ['GIF of 65,535²', () => makeGif(1, 65_535, 65_535), 'too_large'],
  ])('%s', async (_, make, wanted) => expect(await meetBytes('bomb.jpg', make())).toContain(wanted))

  test('BMP that promises 60,000²', async () => {
    const bytes = makeBitmap(2, 2, new Uint8Array(12))
    bytes.writeInt32LE(60_000, 18)
    bytes.writeInt32LE(60_000, 22)
    expect(await meetBytes('bomb.bmp', bytes)).toContain('too_large')
  })

  test('more bytes than the setting allows', async () => {
    expect(await meetBytes('long.png', makeHollowPng(10, 10), { ...LIMITS, maxBytes: 50 })).toContain('FOTOTECA_MAX_BYTES')
  })

  test('a HEIC larger than the setting allows is refused before its pixels are touched', async () => {
    const answer = await meet(heicPath('coffee'), { ...LIMITS, maxPixels: 250_000 })
    expect(answer).toContain('640 × 424')
    expect(answer).toContain('FOTOTECA_MAX_PIXELS')
  })

  test('pages in a ring are no endless file', async () => {
    expect(await meetBytes('ring.tif', makeTiffPages(3, { loop: true }))).toMatch(/^too_large|^unreadable/)
  })
})

test.each([
  ['nothing', ''],
  ['HTML', '<!doctype html><script>alert(1)</script>'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'],
  ['SVG that says it is XML', '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'],
])('%s named .jpg is no picture', async (_, text) => expect(await meetBytes('innocent.jpg', Buffer.from(text))).toMatch(/^refused/))

test('even if it passed the sniffing, the decoder would not read an SVG', async () => {
  const path = join(dir, 'drawing.png')
  await writeFile(path, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
  await expect(decodePicture(path, 'png', LIMITS, new AbortController().signal)).rejects.toMatchObject({ code: 'unreadable_picture' })
})

describe('cut off', () => {
  const make = () =>
    sharp({ create: { width: 800, height: 600, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 50 } } })

  test('a JPEG that lacks half says how much is there; one that lacks its last bytes is taken', async () => {
    const bytes = await make().jpeg().toBuffer()
    expect(await meetBytes('half.jpg', bytes.subarray(0, bytes.length / 2))).toMatch(/only about (4\d|5\d) % of the picture can be read/)
    expect(await meetBytes('nearly.jpg', bytes.subarray(0, bytes.length - 600))).toHaveProperty('width', 800)
  })

  test.each(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const)('%s cut and scratched at random places', async (format) => {
    const bytes = await make().resize(200).toFormat(format).toBuffer()
    const random = makeRandom(11)
    for (let round = 0; round < 25; round++) {
      await meetBytes(`cut.${format}`, bytes.subarray(0, Math.floor(random() * bytes.length)))
      const scratched = Buffer.from(bytes)
      for (let scratch = 0; scratch < 8; scratch++) scratched[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      await meetBytes(`scratched.${format}`, scratched)
    }
  })

  test('a BMP cut anywhere', async () => {
    const bytes = makeBitmap(40, 30, new Uint8Array(40 * 30 * 3).fill(90))
    for (let length = 0; length < bytes.length; length += 97) await meetBytes('cut.bmp', bytes.subarray(0, length))
  })

  test('a HEIC cut and scratched at random places', async () => {
    const bytes = await readFile(heicPath('coffee'))
    const random = makeRandom(5)
    for (let round = 0; round < 20; round++) {
      await meetBytes('cut.heic', bytes.subarray(0, Math.floor(random() * bytes.length)))
      const scratched = Buffer.from(bytes)
      for (let scratch = 0; scratch < 4; scratch++) scratched[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      await meetBytes('scratched.heic', scratched)
    }
  })
})
