/** @file Decoding: every format upright, in sRGB, on white; sizes derived from one base; renditions without EXIF. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Color, type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toLuma } from '../../../src/domain/colour/luma.ts'
import { hammingDistance, hashWords } from '../../../src/domain/likeness/hamming.ts'
import { hashLuma } from '../../../src/domain/likeness/pdq.ts'
import { BASE_MAX_SIDE, decodePicture } from '../../../src/media/decode.ts'
import { endExiftool } from '../../../src/media/exiftool.ts'
import { decodeHeif, endHeif } from '../../../src/media/heif.ts'
import type { Picture } from '../../../src/media/picture.ts'
import { makeRenditions } from '../../../src/media/renditions.ts'
import { renditionKey } from '../../../src/storage/keys.ts'
import { makeGrid, takeTile } from '../../support/hostile-containers.ts'
import { makeBitmap } from '../../support/hostile-files.ts'
import { LIMITS, openPicture } from '../../support/media.ts'
import { heicPath, photoPath } from '../../support/pictures.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-decode-'))
})
afterAll(async () => {
  await endHeif()
  await endExiftool()
  await rm(dir, { recursive: true, force: true })
})

async function hashPicture(picture: Picture) {
  const { data, width, height } = await picture.fit(512)
  return hashWords(hashLuma(toLuma(data), width, height).pdq)
}
const pixelAt = ({ base }: Picture, x: number, y: number) => [...base.data.subarray((y * base.width + x) * 3, (y * base.width + x) * 3 + 3)]

/** 60 × 40: red, green / blue, half-transparent black, in quarters */
async function drawQuarters() {
  const flat = (background: Color) =>
    sharp({ create: { width: 30, height: 20, channels: 4, background } })
      .png()
      .toBuffer()
  const [red, green, blue, veil] = await Promise.all([flat('#f00'), flat('#0f0'), flat('#00f'), flat({ r: 0, g: 0, b: 0, alpha: 0.5 })])
  return sharp({ create: { width: 60, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }).composite([
    { input: red, left: 0, top: 0 },
    { input: green, left: 30, top: 0 },
    { input: blue, left: 0, top: 20 },
    { input: veil, left: 30, top: 20 },
  ])
}

/** What a camera that is held this way stores: the upright picture with the turn undone. */
async function storeTurned(upright: Buffer, orientation: number): Promise<Buffer> {
  const undo = { 1: [0], 2: [0, 'x'], 3: [180], 4: [180, 'x'], 5: [90, 'x'], 6: [270], 7: [270, 'x'], 8: [90] } as const
  const [turn, mirror] = undo[orientation as keyof typeof undo]
  const turned = await sharp(upright).rotate(turn).png().toBuffer()
  return mirror ? sharp(turned).flop().png().toBuffer() : turned
}

describe('formats', () => {
  test.each(['png', 'webp', 'avif', 'tiff', 'gif'] as const)('%s: colours are right and transparency lies on white', async (format) => {
    const path = join(dir, `quarters.${format}`)
    const options =
      format === 'webp' || format === 'avif' ? { lossless: true } : format === 'tiff' ? { compression: 'deflate' as const } : {}
    await (await drawQuarters()).toFormat(format, options).toFile(path)
    const picture = await openPicture(path)
    expect([picture.width, picture.height]).toEqual([60, 40])
    const close = (actual: number[], wanted: number[]) =>
      expect(Math.max(...actual.map((v, i) => Math.abs(v - wanted[i]!)))).toBeLessThan(6)
    close(pixelAt(picture, 10, 10), [255, 0, 0])
    close(pixelAt(picture, 45, 10), [0, 255, 0])
    close(pixelAt(picture, 10, 30), [0, 0, 255])
    // GIF knows no half transparency
    if (format !== 'gif') close(pixelAt(picture, 45, 30), [127, 127, 127])
  })

  test.each([
    ['16-bit PNG', (image: Sharp) => image.toColourspace('rgb16').png()],
    ['grey JPEG', (image: Sharp) => image.flatten({ background: '#fff' }).greyscale().jpeg()],
    ['CMYK JPEG', (image: Sharp) => image.flatten({ background: '#fff' }).toColourspace('cmyk').jpeg()],
    ['palette PNG', (image: Sharp) => image.png({ palette: true })],
    ['PNG in Display P3', (image: Sharp) => image.withIccProfile('p3').png()],
  ])('%s becomes 8-bit sRGB', async (name, encode) => {
    const path = join(dir, `${name}.bin`)
    await writeFile(path, await encode(sharp(await (await drawQuarters()).png().toBuffer())).toBuffer())
    const { base } = await openPicture(path)
    expect(base.data).toHaveLength(60 * 40 * 3)
    if (!name.startsWith('grey')) expect(pixelAt({ base } as Picture, 10, 10)[0]).toBeGreaterThan(220)
    if (!name.startsWith('grey')) expect(pixelAt({ base } as Picture, 10, 10)[2]).toBeLessThan(60)
  })

  test('animations and documents show their first frame', async () => {
    const frames = Buffer.alloc(20 * 30 * 3).fill(200, 0, 20 * 10 * 3)
    const animated = sharp(frames, { raw: { width: 20, height: 30, channels: 3, pageHeight: 10 } })
    for (const format of ['gif', 'webp', 'tiff'] as const) {
      const path = join(dir, `frames.${format}`)
      await animated.clone().toFormat(format).toFile(path)
      const picture = await openPicture(path)
      expect([format, picture.width, picture.height]).toEqual([format, 20, 10])
      expect(pixelAt(picture, 5, 5)[0]).toBeGreaterThan(190)
    }
  })

  test('BMP with 24 bits, with a palette, and upside down', async () => {
    const rgb = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 99, 199, 1, 2, 3, 250, 251, 252])
    const path = join(dir, 'small.bmp')
    await writeFile(path, makeBitmap(3, 2, rgb))
    expect([...(await openPicture(path)).base.data]).toEqual([...rgb])

    const flipped = makeBitmap(3, 2, rgb)
    flipped.writeInt32LE(-2, 22)
    await writeFile(path, flipped)
    expect([...(await openPicture(path)).base.data]).toEqual([...rgb.subarray(9), ...rgb.subarray(0, 9)])

    const palette = Buffer.alloc(54 + 8 + 4)
    makeBitmap(3, 1, new Uint8Array(9)).copy(palette, 0, 0, 54)
    palette.writeUInt32LE(62, 10)
    palette.writeUInt16LE(1, 28)
    palette.writeUInt32LE(2, 46)
    palette.set([0, 0, 200, 0, 10, 20, 30, 0, 0b01000000], 54)
    await writeFile(path, palette)
    expect([...(await openPicture(path)).base.data]).toEqual([200, 0, 0, 30, 20, 10, 200, 0, 0])
  })

  test('a name with brackets and commas is a name, not options for the decoder', async () => {
    const path = join(dir, 'beach [page=2], best[1].png')
    await (await drawQuarters()).png().toFile(path)
    expect((await openPicture(path)).width).toBe(60)
  })
})

describe('one base, many sizes', () => {
  test('sizes are exact, never enlarged, made once, and the same in any order', async () => {
    const path = join(dir, 'large.jpg')
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
    await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#888', noise } })
      .jpeg()
      .toFile(path)
    const [first, second] = [await openPicture(path), await openPicture(path)]
    expect([first.width, first.height, first.base.width, first.base.height]).toEqual([3000, 2000, BASE_MAX_SIDE, 1600])
    expect(await first.fit(9000)).toBe(first.base)
    expect(await first.fit(512)).toBe(await first.fit(512))
    const small = await first.fit(100)
    expect([small.width, small.height, small.data.length]).toEqual([100, 67, 100 * 67 * 3])
    await second.exact(64, 64, 'squash')
    await second.fit(1440)
    expect(Buffer.compare((await second.fit(100)).data, small.data)).toBe(0)
    const covered = await first.exact(640, 480, 'cover', 'cubic')
    expect([covered.width, covered.height, covered.data.length]).toEqual([640, 480, 640 * 480 * 3])
  })

  test('a strip one pixel high survives every size', async () => {
    const path = join(dir, 'strip.png')
    await sharp({ create: { width: 5000, height: 1, channels: 3, background: '#00f' } })
      .png()
      .toFile(path)
    const picture = await openPicture(path)
    expect([(await picture.fit(100)).width, (await picture.fit(100)).height]).toEqual([100, 1])
    expect((await picture.exact(224, 224, 'cover')).data).toHaveLength(224 * 224 * 3)
  })
})

describe('orientation', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF %i in JPEG, PNG, WebP and TIFF comes out upright', async (orientation) => {
    const upright = await drawQuarters()
    const flat = await upright.flatten({ background: '#fff' }).png().toBuffer()
    const stored = await storeTurned(flat, orientation)
    for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
      const path = join(dir, `turned-${orientation}.${format}`)
      await sharp(stored).withMetadata({ orientation }).toFormat(format).toFile(path)
      const picture = await openPicture(path)
      expect([format, picture.width, picture.height]).toEqual([format, 60, 40])
      expect(pixelAt(picture, 10, 10)[0]).toBeGreaterThan(200)
      expect(pixelAt(picture, 50, 10)[1]).toBeGreaterThan(200)
      expect(pixelAt(picture, 10, 30)[2]).toBeGreaterThan(200)
    }
  })

  test.each(['lying', 'standing'])('a %s photo is one picture in all eight orientations, of one size and one hash', async (kind) => {
    const sides: [number, number] = kind === 'lying' ? [480, 320] : [320, 480]
    const upright = await sharp(photoPath('boats'))
      .resize(...sides)
      .png()
      .toBuffer()
    const pictures = []
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const path = join(dir, `${kind}-${orientation}.jpg`)
      await writeFile(
        path,
        await sharp(await storeTurned(upright, orientation))
          .withMetadata({ orientation })
          .jpeg({ quality: 90 })
          .toBuffer(),
      )
      pictures.push(await openPicture(path))
    }
    const hashes = await Promise.all(pictures.map(hashPicture))
    for (const [index, hash] of hashes.entries()) {
      expect([pictures[index]!.width, pictures[index]!.height]).toEqual(sides)
      expect(hammingDistance(hash, 0, hashes[0]!)).toBeLessThanOrEqual(8)
    }
  })
})

test.each([
  [1080, 12_000],
  [12_000, 1080],
])('a long picture of %i × %i keeps the pixels its words need, and no more than others', async (width, height) => {
  const path = join(dir, `long-${width}.png`)
  await sharp({ create: { width, height, channels: 3, background: '#888' } })
    .png()
    .toFile(path)
  const { base } = await openPicture(path)
  expect(Math.min(base.width, base.height)).toBeGreaterThan(400)
  expect(base.width * base.height).toBeLessThan(BASE_MAX_SIDE ** 2 / 2)
  expect(base.width / base.height).toBeCloseTo(width / height, 1)
})

describe('HEIC', () => {
  test('a photo is the picture it was made of', async () => {
    const picture = await openPicture(heicPath('coffee'))
    expect([picture.width, picture.height]).toEqual([640, 424])
    const original = join(dir, 'coffee.png')
    await sharp(photoPath('coffee')).resize(640, 424).toFile(original)
    expect(hammingDistance(await hashPicture(picture), 0, await hashPicture(await openPicture(original)))).toBeLessThanOrEqual(8)
  })

  test('transparency lies on white', async () => {
    const picture = await openPicture(heicPath('quarters'))
    expect(pixelAt(picture, 2, 2)).toEqual([255, 255, 255])
    expect(pixelAt(picture, 100, 20)[0]).toBeGreaterThan(240)
    for (const value of pixelAt(picture, 20, 100)) expect(Math.abs(value - 127)).toBeLessThan(6)
  })

  test('put together of tiles, as phones write it; given up at once when nobody waits any more', async () => {
    const path = join(dir, 'grid.heic')
    const tile = takeTile(await readFile(heicPath('coffee')), 640, 424)
    await writeFile(path, makeGrid({ tile, brand: 'heic', rows: 7, columns: 7, tiles: 49, from: (index) => index + 2 }))
    const controller = new AbortController()
    const decoding = openPicture(path, controller.signal)
    setTimeout(() => controller.abort(new Error('enough')), 50)
    await expect(decoding).rejects.toThrow('enough')
    // and the next one is decoded as if nothing had been
    const picture = await openPicture(path)
    expect([picture.width, picture.height, picture.base.width]).toEqual([4480, 2968, BASE_MAX_SIDE])
    expect(await picture.exact(8, 8, 'squash').then(({ data }) => Math.max(...data))).toBeGreaterThan(60)
  })

  test('one that waits for another to be decoded is given up at once, and holds up none behind it', async () => {
    const path = join(dir, 'first.heic')
    const tile = takeTile(await readFile(heicPath('coffee')), 640, 424)
    await writeFile(path, makeGrid({ tile, brand: 'heic', rows: 7, columns: 7, tiles: 49, from: (index) => index + 2 }))
    const order: string[] = []
    const leaving = new AbortController()
    const decode = (name: string, file: string, signal = new AbortController().signal) =>
      decodeHeif(file, LIMITS, signal).then(
        () => order.push(name),
        (error: Error) => order.push(error.message),
      )
    const first = decode('first', path)
    const second = decode('second', path, leaving.signal)
    const third = decode('third', heicPath('coffee'))
    leaving.abort(new Error('second left'))
    await Promise.all([first, second, third])
    expect(order).toEqual(['second left', 'first', 'third'])
  })
})

describe('renditions', () => {
  test('thumbnail and preview are WebP of the asked size and carry no EXIF', async () => {
    const path = join(dir, 'with-exif.jpg')
    await sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#c04' } })
      .withExif({ IFD0: { Artist: 'a secret name' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .jpeg()
      .toFile(path)
    const picture = await decodePicture(path, 'jpeg', LIMITS, new AbortController().signal)
    const { thumbhash, renditions } = await makeRenditions(picture, 300)
    expect(thumbhash.length).toBeGreaterThan(4)
    expect(renditions.map(({ kind, bytes, content }) => [kind, bytes === content.length])).toEqual([
      ['preview', true],
      ['thumbnail', true],
    ])
    for (const { kind, content } of renditions) {
      const { format, width, exif, xmp } = await sharp(content).metadata()
      expect({ format, width, exif, xmp }).toEqual({
        format: 'webp',
        width: kind === 'preview' ? 1440 : 300,
        exif: undefined,
        xmp: undefined,
      })
      expect(Buffer.from(content).includes('a secret name')).toBe(false)
    }
  })

  test('a key cannot be chosen by a name that is no hash', () => {
    expect(() => renditionKey('../../etc/passwd', 'preview')).toThrow(RangeError)
  })
})
