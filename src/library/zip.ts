/**
 * @file A ZIP of files as a stream, stored as they are (pictures are compressed already). Pure format, APPNOTE 6.3.
 * Sizes are known beforehand, so the length of the whole is too; sums come after each file, so every file is read once.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

export interface ZipEntry {
  /** unique, without folders */
  readonly name: string
  /** below 4 GiB: larger files are not put in */
  readonly bytes: number
  readonly modifiedMs: number
  readonly open: () => AsyncIterable<Buffer>
  /** of what is no file: tells its content from another one of the same length */
  readonly mark?: string
  /** CRC-32, once the file was read: a ZIP that is gone on with need not read it again */
  sum?: number
}

export const MAX_ENTRY_BYTES = 0xffff_fffe
const MAX_32 = 0xffff_ffff
/** bit 3: the sum follows the file; bit 11: names are UTF-8 */
const FLAGS = 0x0808
const [LOCAL, DESCRIPTOR, CENTRAL, END, END_64, LOCATOR_64] = [30, 16, 46, 22, 56, 20]

/**
 * Length of the ZIP in bytes.
 * @param far from this offset on places are told in 64 bits; tests lower it
 */
export function zipLength(entries: readonly Pick<ZipEntry, 'name' | 'bytes'>[], far = MAX_32): number {
  let offset = 0
  let directory = 0
  for (const { name, bytes } of entries) {
    const named = Buffer.byteLength(name)
    directory += CENTRAL + named + (offset >= far ? 12 : 0)
    offset += LOCAL + named + bytes + DESCRIPTOR
  }
  return offset + directory + END + (offset >= far ? END_64 + LOCATOR_64 : 0)
}

/** Entity tag of the ZIP: another one as soon as a file of it has another name, length or time. */
export function zipTag(entries: readonly Pick<ZipEntry, 'name' | 'bytes' | 'modifiedMs' | 'mark'>[]): string {
  const hash = createHash('sha256')
  for (const { name, bytes, modifiedMs, mark = '' } of entries) hash.update(`${name}/${bytes}/${modifiedMs}/${mark}\n`)
  return `"${hash.digest('base64url').slice(0, 27)}"`
}

/**
 * @param from leaves out the bytes before; files that lie before it are not read where their sum is known
 * @throws Error when a file is not as long as it was said: the ZIP is then not whole, and whoever reads it must see that
 */
export async function* writeZip(entries: ZipEntry[], far = MAX_32, from = 0): AsyncGenerator<Buffer> {
  let at = 0
  for await (const part of writeParts(entries, far, from)) {
    const [chunk, length] = typeof part === 'number' ? [null, part] : [part, part.length]
    if (chunk !== null && at + length > from) yield at >= from ? chunk : chunk.subarray(from - at)
    at += length
  }
}

/** Bytes, or how many are passed over. */
async function* writeParts(entries: ZipEntry[], far: number, from: number): AsyncGenerator<Buffer | number> {
  let offset = 0
  const directory: Buffer[] = []
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const whole = LOCAL + name.length + entry.bytes + DESCRIPTOR
    if (entry.sum !== undefined && offset + whole <= from) {
      yield whole
      directory.push(writeCentral(entry, name, entry.sum, offset, offset >= far))
      offset += whole
      continue
    }
    yield Buffer.concat([writeLocal(entry, name), name])
    let sum = 0
    let seen = 0
    for await (const chunk of entry.open()) {
      sum = crc32(chunk, sum)
      seen += chunk.length
      yield chunk
    }
    if (seen !== entry.bytes) throw new Error(`${entry.name} changed while it was read: ${seen} bytes, not ${entry.bytes}`)
    entry.sum = sum
    yield writeDescriptor(sum, seen)
    directory.push(writeCentral(entry, name, sum, offset, offset >= far))
    offset += LOCAL + name.length + seen + DESCRIPTOR
  }
  yield* directory
  const size = directory.reduce((total, record) => total + record.length, 0)
  yield writeEnd(entries.length, offset, size, offset >= far)
}

function writeLocal({ bytes, modifiedMs }: ZipEntry, name: Buffer): Buffer {
  const record = Buffer.alloc(LOCAL)
  record.writeUInt32LE(0x04034b50, 0)
  record.writeUInt16LE(20, 4)
  record.writeUInt16LE(FLAGS, 6)
  record.writeUInt32LE(dosTime(modifiedMs), 10)
  record.writeUInt32LE(bytes, 18)
  record.writeUInt32LE(bytes, 22)
  record.writeUInt16LE(name.length, 26)
  return record
}

function writeDescriptor(sum: number, bytes: number): Buffer {
  const record = Buffer.alloc(DESCRIPTOR)
  record.writeUInt32LE(0x08074b50, 0)
  record.writeUInt32LE(sum, 4)
  record.writeUInt32LE(bytes, 8)
  record.writeUInt32LE(bytes, 12)
  return record
}

/** An offset above 4 GiB stands in an extra field (ZIP64). */
function writeCentral({ bytes, modifiedMs }: ZipEntry, name: Buffer, sum: number, offset: number, isFar: boolean): Buffer {
  const record = Buffer.alloc(CENTRAL)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE(0x0300 | (isFar ? 45 : 20), 4)
  record.writeUInt16LE(isFar ? 45 : 20, 6)
  record.writeUInt16LE(FLAGS, 8)
  record.writeUInt32LE(dosTime(modifiedMs), 12)
  record.writeUInt32LE(sum, 16)
  record.writeUInt32LE(bytes, 20)
  record.writeUInt32LE(bytes, 24)
  record.writeUInt16LE(name.length, 28)
  record.writeUInt16LE(isFar ? 12 : 0, 30)
  record.writeUInt32LE(0o100644 * 0x10000, 38)
  record.writeUInt32LE(isFar ? MAX_32 : offset, 42)
  if (!isFar) return Buffer.concat([record, name])
  const extra = Buffer.alloc(12)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8, 2)
  extra.writeBigUInt64LE(BigInt(offset), 4)
  return Buffer.concat([record, name, extra])
}

function writeEnd(count: number, offset: number, size: number, isFar: boolean): Buffer {
  const end = Buffer.alloc(END)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(isFar ? MAX_32 : offset, 16)
  if (!isFar) return end
  const end64 = Buffer.alloc(END_64 + LOCATOR_64)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(BigInt(END_64 - 12), 4)
  end64.writeUInt16LE(45, 12)
  end64.writeUInt16LE(45, 14)
  end64.writeBigUInt64LE(BigInt(count), 24)
  end64.writeBigUInt64LE(BigInt(count), 32)
  end64.writeBigUInt64LE(BigInt(size), 40)
  end64.writeBigUInt64LE(BigInt(offset), 48)
  end64.writeUInt32LE(0x07064b50, END_64)
  end64.writeBigUInt64LE(BigInt(offset + size), END_64 + 8)
  end64.writeUInt32LE(1, END_64 + 16)
  return Buffer.concat([end64, end])
}

/** MS-DOS date and time, two-second steps, from 1980 on; by the wall clock here, as ZIPs are read. */
function dosTime(ms: number): number {
  const at = new Date(ms)
  const year = Math.min(127, Math.max(0, at.getFullYear() - 1980))
  const date = (year << 9) | ((at.getMonth() + 1) << 5) | at.getDate()
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)
  return date * 0x10000 + time
}
