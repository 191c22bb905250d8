/** @file Counts the scans of a JPEG: each goes over all coefficients again, so kilobytes can keep a decoder busy for minutes, and nothing stops it. */
import { open, readFile } from 'node:fs/promises'

/** Cameras’ segments end before this, nearly always. */
const HEAD_BYTES = 256 * 1024
const SCAN = 0xda

/** Scans of the JPEG at `path`, counted no further than one past `most`. A picture in one scan costs one small read. */
export async function countJpegScans(path: string, most: number): Promise<number> {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const head = buffer.subarray(0, bytesRead)
    if (isOneScan(head)) return 1
    return countScans(bytesRead < HEAD_BYTES ? head : await readFile(path), most)
  } finally {
    await handle.close()
  }
}

/** As `countJpegScans`, of bytes in memory. */
export function countScans(jpeg: Buffer, most: number): number {
  let scans = 0
  for (let at = findMarker(jpeg, 2); at !== -1 && scans <= most; at = findMarker(jpeg, endOfSegment(jpeg, at)))
    if (jpeg[at + 1] === SCAN) scans++
  return scans
}

export interface JpegBuffer {
  /** the decoder keeps all coefficients: there are several scans, or it cannot be told */
  readonly isBuffered: boolean
  /** of all components, for each pixel: 1.5 at 4:2:0, 3 at 4:4:4 */
  readonly samples: number
}

/** What libjpeg keeps of the JPEG at `path` while it decodes, by its header. */
export async function measureScans(path: string): Promise<JpegBuffer> {
  await using handle = await open(path, 'r')
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  return measureJpegBuffer(buffer.subarray(0, bytesRead))
}

/** As `measureScans`, of bytes in memory; the beginning will do. */
export function measureJpegBuffer(head: Buffer): JpegBuffer {
  let samples = 4
  for (let at = findMarker(head, 2); at !== -1; at = findMarker(head, endOfSegment(head, at))) {
    const marker = head[at + 1] ?? 0
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      const factors = Array.from({ length: head[at + 9] ?? 0 }, (_, index) => head[at + 11 + index * 3] ?? 0x11)
      const [across, down] = [factors.map((factor) => factor >> 4), factors.map((factor) => factor & 15)]
      const most = Math.max(1, ...across) * Math.max(1, ...down)
      samples = factors.reduce((sum, _, index) => sum + ((across[index] ?? 1) * (down[index] ?? 1)) / most, 0)
    }
    if (marker === SCAN) break
  }
  return { isBuffered: !isOneScan(head), samples }
}

/** True when the header says that the first scan holds everything: not progressive, all components in it. */
function isOneScan(head: Buffer): boolean {
  let components = 0
  for (let at = findMarker(head, 2); at !== -1; at = findMarker(head, endOfSegment(head, at))) {
    const marker = head[at + 1] ?? 0
    if (marker === 0xc0 || marker === 0xc1) components = head[at + 9] ?? 0
    if (marker === SCAN) return components > 0 && head[at + 4] === components
  }
  return false
}

/** Position of the next marker with a segment; within a scan, stuffed and restart bytes are none. */
function findMarker(jpeg: Buffer, from: number): number {
  for (let at = jpeg.indexOf(0xff, from); at !== -1 && at + 3 < jpeg.length; at = jpeg.indexOf(0xff, at + 1)) {
    const marker = jpeg[at + 1] ?? 0
    if (marker > 0x01 && marker < 0xff && !(marker >= 0xd0 && marker <= 0xd9)) return at
  }
  return -1
}

const endOfSegment = (jpeg: Buffer, at: number): number => at + 2 + jpeg.readUInt16BE(at + 2)
