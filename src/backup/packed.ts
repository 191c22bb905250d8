/** @file Lists and tables in a backup: lines of JSON, compressed (zstd). Written to the disk first, since a store wants to know their sum. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { FototecaError } from '../domain/errors.ts'
import { hashFile } from '../ingest/hash-file.ts'
import type { BlobSource } from '../storage/blob-store.ts'

export interface Packed {
  readonly sha256: string
  readonly bytes: number
}

/** @param batches written a line for each of their values */
export async function packLines(path: string, batches: AsyncIterable<readonly unknown[]>, signal: AbortSignal): Promise<Packed> {
  const lines = async function* () {
    for await (const batch of batches) yield batch.map((value) => `${JSON.stringify(value)}\n`).join('')
  }
  await pipeline(Readable.from(lines(), { objectMode: false }), createZstdCompress(), createWriteStream(path, { mode: 0o600 }), { signal })
  return await describeFile(path, signal)
}

async function describeFile(path: string, signal: AbortSignal): Promise<Packed> {
  const hashed = await hashFile(path, signal)
  if (hashed === null) throw new FototecaError('internal', `${path} changed while it was read; nothing else may write there`)
  return { sha256: hashed.sha256, bytes: hashed.bytes }
}

/** So many lines at once, or fewer where they are long. */
const LINES_AT_ONCE = 1000
const BYTES_AT_ONCE = 2_000_000

/** The values in batches. @throws FototecaError `invalid` where it is not what `packLines` writes */
export async function* unpackLines(packed: Readable, name: string): AsyncGenerator<unknown[]> {
  const unpacked = createZstdDecompress()
  const done = pipeline(packed, unpacked)
  done.catch(() => {}) // told by the loop below
  try {
    let rest: Buffer[] = []
    let batch: unknown[] = []
    let bytes = 0
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      let from = 0
      for (let end = chunk.indexOf(10); end !== -1; from = end + 1, end = chunk.indexOf(10, from)) {
        const line = Buffer.concat([...rest, chunk.subarray(from, end)])
        rest = []
        batch.push(JSON.parse(line.toString()))
        bytes += line.length
        if (batch.length < LINES_AT_ONCE && bytes < BYTES_AT_ONCE) continue
        yield batch
        batch = []
        bytes = 0
      }
      if (from < chunk.length) rest.push(chunk.subarray(from))
    }
    if (rest.length > 0) throw new SyntaxError('the last line is not whole')
    if (batch.length > 0) yield batch
    await done
  } catch (error) {
    if (error instanceof FototecaError) throw error
    throw new FototecaError('invalid', `${name} is damaged: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    packed.destroy()
    unpacked.destroy()
  }
}

export const fileSource = (path: string, { sha256, bytes }: Packed): BlobSource => ({
  bytes,
  sha256,
  contentType: 'application/octet-stream',
  open: () => createReadStream(path),
})

/** Reads to the end. @returns its sum */
export async function hashStream(stream: Readable, signal: AbortSignal): Promise<Packed> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    signal.throwIfAborted()
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}
