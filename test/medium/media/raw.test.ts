/** @file Camera RAW by its embedded preview. The files are made by hand: the containers of real cameras around a small JPEG. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PhotoFormat } from '../../../src/contract/words.ts'
import { endExiftool } from '../../../src/media/exiftool.ts'
import { sniffFormat } from '../../../src/media/sniff.ts'
import { openPicture } from '../../support/media.ts'

let dir: string
let jpeg: Buffer
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-raw-'))
  // left half red, right half blue
  jpeg = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#00f' } })
    .composite([{ input: { create: { width: 150, height: 200, channels: 3, background: '#f00' } }, left: 0, top: 0 }])
    .jpeg()
    .toBuffer()
})
afterAll(async () => {
  await endExiftool()
  await rm(dir, { recursive: true, force: true })
})

type Entry = readonly [tag: number, type: 'short' | 'long' | 'text' | 'bytes', value: number | string]

/** A little-endian TIFF with one directory (and one below it, tag 330), the JPEG at `JPEG_AT`. */
const JPEG_AT = 2048
function makeContainer(entries: readonly Entry[], below: readonly Entry[] = [], magic = 'II*\0'): Buffer {
  const head = Buffer.alloc(JPEG_AT)
  head.write(magic, 0, 'latin1')
  head.writeUInt32LE(16, 4)
  let text = 1200
  const put = (at: number, list: readonly Entry[]) => {
    const sorted = list.toSorted((a, b) => a[0] - b[0])
    head.writeUInt16LE(sorted.length, at)
    for (const [index, [tag, type, value]] of sorted.entries()) {
      const to = at + 2 + index * 12
      head.writeUInt16LE(tag, to)
      head.writeUInt16LE({ short: 3, long: 4, text: 2, bytes: 7 }[type], to + 2)
      if (typeof value === 'string') {
        head.writeUInt32LE(value.length + 1, to + 4)
        head.writeUInt32LE(text, to + 8)
        text += head.write(value, text, 'latin1') + 2
      } else {
        head.writeUInt32LE(type === 'bytes' ? jpeg.length : 1, to + 4)
        head.writeUInt32LE(value, to + 8)
      }
    }
  }
  put(16, below.length > 0 ? [...entries, [330, 'long', 600]] : entries)
  if (below.length > 0) put(600, below)
  return Buffer.concat([head, jpeg])
}

const camera = (make: string, orientation: number): Entry[] => [
  [271, 'text', make],
  [272, 'text', 'Test camera'],
  [274, 'short', orientation],
]
const preview = (): Entry[] => [
  [513, 'long', JPEG_AT],
  [514, 'long', jpeg.length],
]
const strips = (): Entry[] => [
  [259, 'short', 6],
  [273, 'long', JPEG_AT],
  [279, 'long', jpeg.length],
]

const CONTAINERS: readonly [PhotoFormat, (orientation: number) => Buffer][] = [
  [
    'nef',
    (o) =>
      makeContainer([...camera('NIKON CORPORATION', o), [254, 'long', 1]], [[259, 'short', 34_713], [262, 'short', 32_803], ...preview()]),
  ],
  ['arw', (o) => makeContainer([...camera('SONY', o), ...preview()], [[259, 'short', 32_767]])],
  [
    'dng',
    (o) =>
      makeContainer(
        [...camera('Test', o), [254, 'long', 1], [50_706, 'long', 0x00000401]],
        [
          [254, 'long', 1],
          [259, 'short', 7],
          [262, 'short', 6],
          [273, 'long', JPEG_AT],
          [279, 'long', jpeg.length],
        ],
      ),
  ],
  [
    'cr2',
    (o) => {
      const file = makeContainer([...camera('Canon', o), ...strips()])
      // CR2 has its mark where the first directory would be
      const moved = Buffer.concat([file.subarray(0, 16), Buffer.alloc(16), file.subarray(32)])
      file.copy(moved, 300, 16, 300)
      moved.write('CR\x02\0', 8, 'latin1')
      moved.writeUInt32LE(300, 4)
      return moved
    },
  ],
  ['rw2', (o) => makeContainer([...camera('Panasonic', o), [0x2e, 'bytes', JPEG_AT]], [], 'IIU\0')],
]

describe.each(CONTAINERS)('%s', (format, make) => {
  test.each([1, 6])('orientation %i', async (orientation) => {
    const path = join(dir, `${format}-${orientation}.${format}`)
    await writeFile(path, make(orientation))
    expect(await sniffFormat(path)).toEqual({ format })
    const { width, height, base } = await openPicture(path)
    expect([width, height]).toEqual(orientation === 1 ? [300, 200] : [200, 300])
    // red is at the left; turned by a quarter it is at the top
    const [red, , blue] = base.data.subarray((10 * base.width + 10) * 3)
    expect([red! > 200, blue! < 60]).toEqual([true, true])
    const [, , farBlue] = base.data.subarray(((base.height - 10) * base.width + base.width - 10) * 3)
    expect(farBlue).toBeGreaterThan(200)
  })
})

test('RAF: the JPEG at the place its header names', async () => {
  const head = Buffer.alloc(160)
  head.write('FUJIFILMCCD-RAW 0201FF383501X-T3', 0, 'latin1')
  head.writeUInt32BE(160, 84)
  head.writeUInt32BE(jpeg.length, 88)
  const path = join(dir, 'photo.raf')
  await writeFile(path, Buffer.concat([head, jpeg]))
  expect((await openPicture(path)).width).toBe(300)
})

test('a RAW without a preview says so', async () => {
  const path = join(dir, 'empty.nef')
  await writeFile(path, makeContainer(camera('NIKON CORPORATION', 1), [[262, 'short', 32_803]]))
  await expect(openPicture(path)).rejects.toMatchObject({ code: 'unreadable_picture', message: expect.stringContaining('no preview') })
})
