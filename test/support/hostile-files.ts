/** @file Files that mean harm or came to harm: headers that promise too much, endless frames and pages, cut-off pictures. */
import { crc32, deflateSync } from 'node:zlib'

export function makePngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  data.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

/** A PNG whose header says width × height; its picture data are a few zero bytes. */
export function makeHollowPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  header[9] = 2
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    makePngChunk('IHDR', header),
    makePngChunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    makePngChunk('IEND', Buffer.alloc(0)),
  ])
}

const GIF_FRAME = Buffer.from('21f90400000000002c0000000001000100000202440100', 'hex')

export function makeGif(frames: number, width = 1, height = 1): Buffer {
  const header = Buffer.from('47494638396101000100800000000000ffffff', 'hex')
  header.writeUInt16LE(width, 6)
  header.writeUInt16LE(height, 8)
  const frame = Buffer.from(GIF_FRAME)
  frame.writeUInt16LE(width, 13)
  frame.writeUInt16LE(height, 15)
  return Buffer.concat([header, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])])
}

/** A grey TIFF of `pages` directories in a chain; `loop` sends the last one back to the first. */
export function makeTiffPages(pages: number, { width = 1, height = 1, loop = false } = {}): Buffer {
  const size = 2 + 8 * 12 + 4
  const file = Buffer.alloc(8 + pages * size + 8, 0x80)
  file.write('II*\0', 0, 'latin1')
  file.writeUInt32LE(8, 4)
  for (let page = 0; page < pages; page++) {
    const at = 8 + page * size
    const entries = [
      [256, width],
      [257, height],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, 8 + pages * size],
      [278, height],
      [279, width * height],
    ] as const
    file.writeUInt16LE(entries.length, at)
    for (const [index, [tag, value]] of entries.entries()) {
      file.writeUInt16LE(tag, at + 2 + index * 12)
      file.writeUInt16LE(4, at + 4 + index * 12)
      file.writeUInt32LE(1, at + 6 + index * 12)
      file.writeUInt32LE(value, at + 10 + index * 12)
    }
    file.writeUInt32LE(page + 1 < pages ? at + size : loop ? 8 : 0, at + size - 4)
  }
  return file
}

/** A BMP of 24 bits, rows bottom up, blue-green-red. `rgb` is interleaved from the top. */
export function makeBitmap(width: number, height: number, rgb: Uint8Array): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4
  const file = Buffer.alloc(54 + stride * height)
  file.write('BM', 0, 'latin1')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let part = 0; part < 3; part++) file[54 + (height - 1 - y) * stride + x * 3 + part] = rgb[(y * width + x) * 3 + 2 - part]!
  return file
}

/** The same deterministic numbers 0–1 in every run. */
export function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
