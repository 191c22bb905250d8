/** @file Tells the RAW kinds that are TIFF inside (CR2, NEF, ARW, DNG) from each other and from plain TIFF, by tags and make. */
import { type FileHandle, open } from 'node:fs/promises'
import { MAX_FRAMES } from './limits.ts'
import type { Sniffed } from './sniffed.ts'

const TAG = { compression: 259, photometric: 262, make: 271, tileLength: 323, subIfds: 330, dngVersion: 50_706 } as const
/** Photometric interpretations of raw sensor data: colour filter array, linear raw. */
const SENSOR_PHOTOMETRIC = [32_803, 34_892]
/** Compressions only RAW files use: Sony, Nikon, Kodak, Pentax, Nikon packed, Samsung. */
const SENSOR_COMPRESSION = [32_767, 32_769, 32_770, 32_772, 34_713, 65_000, 65_535]
/** More entries or sub-directories than this are never in a RAW file; a hostile one shall cost nothing. */
const MAX_ENTRIES = 512
const MAX_SUB_IFDS = 8

interface Entry {
  readonly type: number
  readonly count: number
  /** where the value or its offset lies in the file */
  readonly valueAt: number
  readonly value: number
}

export async function sniffTiff(head: Buffer, handle: FileHandle): Promise<Sniffed> {
  const little = head[0] === 0x49
  const version = little ? head.readUInt16LE(2) : head.readUInt16BE(2)
  if (version === 43) return { format: 'tiff' } // BigTIFF: no camera writes it
  if (head.length < 16) return { refused: 'this is not a readable picture: it begins like a TIFF, but ends after a few bytes' }
  if (head.toString('latin1', 8, 10) === 'CR') return { format: 'cr2' }

  const first = await readDirectory(handle, little, little ? head.readUInt32LE(4) : head.readUInt32BE(4))
  if (first.has(TAG.dngVersion)) return { format: 'dng' }
  if (!(await holdsSensorData(handle, little, first))) return { format: 'tiff' }
  const make = await readText(handle, first.get(TAG.make))
  if (/^nikon/i.test(make)) return { format: 'nef' }
  if (/^sony/i.test(make)) return { format: 'arw' }
  return { refused: `RAW pictures of this camera maker (${make || 'not named'}) are not supported; convert it to DNG` }
}

/** Number of pages of a TIFF, counted no further than one past the most we take: each costs two small reads, not a decode. */
export async function countTiffPages(path: string): Promise<number> {
  const handle = await open(path, 'r')
  try {
    const head = await readAt(handle, 0, 16)
    if (head.length < 16) return 0
    const little = head[0] === 0x49
    const big = (little ? head.readUInt16LE(2) : head.readUInt16BE(2)) === 43
    const number = (bytes: Buffer, length: number) => {
      if (bytes.length < length) return 0
      if (length === 8) return Number(little ? bytes.readBigUInt64LE(0) : bytes.readBigUInt64BE(0))
      return little ? bytes.readUIntLE(0, length) : bytes.readUIntBE(0, length)
    }
    const [countSize, entrySize, offsetSize] = big ? [8, 20, 8] : [2, 12, 4]
    const seen = new Set<number>()
    let pages = 0
    let at = number(head.subarray(big ? 8 : 4), offsetSize)
    while (at > 0 && at < Number.MAX_SAFE_INTEGER && pages <= MAX_FRAMES) {
      // pages in a ring are endless
      if (seen.has(at)) return MAX_FRAMES + 1
      seen.add(at)
      pages++
      const entries = number(await readAt(handle, at, countSize), countSize)
      if (entries === 0 || entries > 65_535) break
      at = number(await readAt(handle, at + countSize + entries * entrySize, offsetSize), offsetSize)
    }
    return pages
  } finally {
    await handle.close()
  }
}

/** Rows of a tile of the first page; 0 where it has strips, undefined for a BigTIFF, which is not looked into. */
export async function readTiffTileRows(path: string): Promise<number | undefined> {
  await using handle = await open(path, 'r')
  const head = await readAt(handle, 0, 16)
  if (head.length < 16) return undefined
  const little = head[0] === 0x49
  if ((little ? head.readUInt16LE(2) : head.readUInt16BE(2)) === 43) return undefined
  const first = await readDirectory(handle, little, little ? head.readUInt32LE(4) : head.readUInt32BE(4))
  return first.get(TAG.tileLength)?.value ?? 0
}

async function holdsSensorData(handle: FileHandle, little: boolean, first: Map<number, Entry>): Promise<boolean> {
  const isSensor = (ifd: Map<number, Entry>) =>
    SENSOR_PHOTOMETRIC.includes(ifd.get(TAG.photometric)?.value ?? 0) || SENSOR_COMPRESSION.includes(ifd.get(TAG.compression)?.value ?? 0)
  if (isSensor(first)) return true
  for (const offset of await readOffsets(handle, little, first.get(TAG.subIfds)))
    if (isSensor(await readDirectory(handle, little, offset))) return true
  return false
}

async function readDirectory(handle: FileHandle, little: boolean, offset: number): Promise<Map<number, Entry>> {
  const entries = new Map<number, Entry>()
  const bytes = await readAt(handle, offset, 2 + MAX_ENTRIES * 12)
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  if (bytes.length < 2) return entries
  const count = Math.min(u16(0), Math.floor((bytes.length - 2) / 12))
  for (let index = 0; index < count; index++) {
    const at = 2 + index * 12
    const type = u16(at + 2)
    entries.set(u16(at), {
      type,
      count: u32(at + 4),
      valueAt: offset + at + 8,
      value: type === 3 ? u16(at + 8) : u32(at + 8),
    })
  }
  return entries
}

async function readOffsets(handle: FileHandle, little: boolean, entry: Entry | undefined): Promise<number[]> {
  if (!entry) return []
  if (entry.count <= 1) return [entry.value]
  const bytes = await readAt(handle, entry.value, 4 * Math.min(entry.count, MAX_SUB_IFDS))
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    little ? bytes.readUInt32LE(index * 4) : bytes.readUInt32BE(index * 4),
  )
}

async function readText(handle: FileHandle, entry: Entry | undefined): Promise<string> {
  if (!entry) return ''
  const length = Math.min(entry.count, 64)
  const bytes = await readAt(handle, entry.count <= 4 ? entry.valueAt : entry.value, length)
  const text = bytes.toString('latin1').split('\0', 1)[0] ?? ''
  return text.replace(/[^\x20-\x7e]/g, '').trim()
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position })
  return buffer.subarray(0, bytesRead)
}
