/** @file A maker of scenes without a model, for tests and trying out: two colours that follow from the prompt and the seed, as an uncompressed PNG. */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { crc32, deflateSync } from 'node:zlib'
import type { ImageMaker } from '../../ports/image-maker.ts'

/** @param name `slow` takes a second; `edit` says that it can paint around a product (and leaves its place grey) */
export function createFakeMaker(name = 'fake'): ImageMaker {
  return {
    info: { id: `fake/${name}@1`, provider: 'fake', name, version: '1', licence: 'none: no model' },
    isRemote: false,
    isPaid: false,
    sendsTo: [],
    canEdit: name === 'edit',
    async makeImage({ prompt, width, height, seed }, { signal } = {}) {
      signal?.throwIfAborted()
      if (name === 'slow') await pause(1000, undefined, signal ? { signal } : {})
      const hash = createHash('sha256').update(`${prompt}/${seed}`).digest()
      return { bytes: paint(Math.min(width, 512), Math.min(height, 512), hash), tokens: null, cost: null }
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** A gradient from one muted colour above to another below. */
function paint(width: number, height: number, hash: Buffer): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const [from, to] = [110 + ((hash[c] ?? 0) % 110), 110 + ((hash[c + 3] ?? 0) % 110)]
        rows[y * (1 + width * 3) + 1 + x * 3 + c] = from + ((to - from) * y) / height
      }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const out = Buffer.alloc(8 + body.length)
  out.writeUInt32BE(data.length, 0)
  out.set(body, 4)
  out.writeUInt32BE(crc32(body), 4 + body.length)
  return out
}
