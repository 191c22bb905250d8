/** @file Parts of originals at their own size: the same pixels as the upright whole, whatever the file says of its orientation. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeForCutting } from '../../../src/media/decode.ts'
import { LIMITS } from '../../support/media.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-full-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

describe('a part at full size', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is cut out of the upright picture with EXIF orientation %i', async (orientation) => {
    const [width, height] = [120, 80]
    const data = Buffer.from(
      Array.from({ length: width * height * 3 }, (_, i) => [i % 251, Math.floor(i / 360) * 3, (i * 7) % 256][i % 3] ?? 0),
    )
    const path = join(dir, `${orientation}.png`)
    await sharp(data, { raw: { width, height, channels: 3 } })
      .withMetadata({ orientation })
      .png()
      .toFile(path)
    const { picture, full } = await decodeForCutting((use) => use(path), 'png', LIMITS, new AbortController().signal)
    const upright = picture.base
    expect([full.width, full.height]).toEqual([upright.width, upright.height])
    const part = { left: 11, top: 23, width: 40, height: 31 }
    const cut = await full.read(full, part)
    for (const [x, y] of [
      [0, 0],
      [39, 0],
      [0, 30],
      [39, 30],
      [17, 9],
    ] as const) {
      const from = ((y + part.top) * upright.width + x + part.left) * 3
      const at = (y * part.width + x) * 3
      expect([...cut.data.subarray(at, at + 3)]).toEqual([...upright.data.subarray(from, from + 3)])
    }
    const half = await full.read({ width: full.width / 2, height: full.height / 2 }, { left: 5, top: 6, width: 20, height: 10 })
    expect([half.width, half.height, half.data.length]).toEqual([20, 10, 600])
  })
})
