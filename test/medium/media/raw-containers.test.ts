/** @file CR3 and ORF from file to picture and metadata, on files made as these cameras make them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endExiftool } from '../../../src/media/exiftool.ts'
import { readMetadata } from '../../../src/media/metadata.ts'
import { sniffFormat } from '../../../src/media/sniff.ts'
import { openPicture } from '../../support/media.ts'
import { makeCr3, makeOrf, type RawJpegs } from '../../support/raw-files.ts'

let dir: string
let jpegs: RawJpegs & { full: Buffer }
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-raw-'))
  jpegs = { thumbnail: await halves(160, 120), preview: await halves(300, 200), full: await halves(600, 400) }
})
afterAll(async () => {
  await endExiftool()
  await rm(dir, { recursive: true, force: true })
})

/** Left half red, right half blue. */
const halves = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#00f' } })
    .composite([{ input: { create: { width: width / 2, height, channels: 3, background: '#f00' } }, left: 0, top: 0 }])
    .jpeg()
    .toBuffer()

async function put(name: string, bytes: Buffer): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, bytes)
  return path
}

const FILES = [
  ['CR3 with a full-size JPEG', 'cr3', (o: number) => makeCr3(jpegs, o), 600],
  ['CR3 with a preview only', 'cr3', (o: number) => makeCr3({ ...jpegs, full: undefined }, o), 300],
  ['ORF', 'orf', (o: number) => makeOrf(jpegs, o), 300],
  ['ORF of another time', 'orf', (o: number) => makeOrf(jpegs, o, 'IIRS'), 300],
] as const

describe.each(FILES)('%s', (name, format, make, side) => {
  test.each([1, 3, 6, 8])('orientation %i', async (orientation) => {
    // the name says nothing
    const path = await put(`${name}-${orientation}.jpg`, make(orientation))
    expect(await sniffFormat(path)).toEqual({ format })
    const { width, height, base } = await openPicture(path)
    const isTurned = orientation >= 5
    expect([width, height]).toEqual(isTurned ? [(side * 2) / 3, side] : [side, (side * 2) / 3])
    const isRed = (x: number, y: number) => base.data[(y * base.width + x) * 3]! > 200
    const [left, right, top, bottom] = [
      isRed(10, base.height >> 1),
      isRed(base.width - 10, base.height >> 1),
      isRed(base.width >> 1, 10),
      isRed(base.width >> 1, base.height - 10),
    ]
    const where = isTurned ? (top !== bottom ? (top ? 'top' : 'bottom') : 'none') : left !== right ? (left ? 'left' : 'right') : 'none'
    expect(where).toBe({ 1: 'left', 3: 'right', 6: 'top', 8: 'bottom' }[orientation])
  })

  test('time, camera, lens, exposure, place', async () => {
    const path = await put(`${name}.${format}`, make(6))
    const found = await readMetadata(path, format)
    expect(found).toMatchObject({
      taken: { local: '2021-07-03 14:05:06', zone: '+02:00', instantMs: Date.UTC(2021, 6, 3, 12, 5, 6) },
      cameraModel: format === 'cr3' ? 'Canon EOS R' : 'E-M5',
      lens: 'Test lens 50mm',
      iso: 400,
      aperture: 5.6,
      exposureS: 0.004,
      focalMm: 50,
      orientation: 6,
      country: 'France',
    })
  })
})

test.each(FILES)('%s, cut off in its preview, is refused with a sentence', async (name, format, make) => {
  const whole = make(1)
  const path = await put(`cut-${name}.${format}`, whole.subarray(0, 700))
  await expect(openPicture(path)).rejects.toMatchObject({
    code: 'unreadable_picture',
    message: expect.stringContaining(format.toUpperCase()),
  })
})

test('RAF: turned as the Exif of its JPEG says', async () => {
  const turned = await sharp(jpegs.preview).withMetadata({ orientation: 6 }).jpeg().toBuffer()
  const head = Buffer.alloc(160)
  head.write('FUJIFILMCCD-RAW 0201FF383501X-T3', 0, 'latin1')
  head.writeUInt32BE(160, 84)
  head.writeUInt32BE(turned.length, 88)
  const { width, height, base } = await openPicture(await put('photo.raf', Buffer.concat([head, turned])))
  expect([width, height]).toEqual([200, 300])
  expect(base.data[(10 * base.width + 100) * 3]).toBeGreaterThan(200)
})
