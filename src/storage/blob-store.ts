/** @file What a blob store is: a folder or a bucket behind one interface. Keys are relative paths with `/`; nobody outside sees a path. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { FototecaError } from '../domain/errors.ts'
import type { Bounds } from './bounds.ts'

/** Bytes that can be read more than once: a failed attempt begins again. */
export interface BlobSource {
  readonly bytes: number
  /** lower-case hexadecimal */
  readonly sha256: string
  readonly contentType: string
  open(): Readable
}

export interface StoredBlob {
  readonly key: string
  readonly bytes: number
  readonly modifiedMs: number
  /** when it came there, which in a folder may be later than its content was written */
  readonly arrivedMs: number
  /** as it was said when it was put; null when the store does not remember or somebody else put it there */
  readonly sha256: string | null
}

/** Bytes from `start` up to, not including, `end`; an end beyond the last byte is the last byte. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

export interface GetOptions {
  /** default: all bytes */
  readonly span?: ByteSpan | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PutOptions {
  readonly signal?: AbortSignal | undefined
  /** false for what can be made again: whole when it is read, but it need not outlast a power cut, which saves a wait for the disk */
  readonly isDurable?: boolean | undefined
}

export interface OpenBlob {
  /** what the stream gives */
  readonly bytes: number
  readonly modifiedMs: number
  readonly stream: Readable
}

export interface BlobStore extends AsyncDisposable {
  /**
   * Puts the bytes under the key, whole and durable when it returns; what was there is replaced. Of two puts at once one stands, whole.
   * A key may not be the folder of another: a folder has no room for both.
   * @throws FototecaError `checksum_mismatch` when the source is not what it said, `disk_full`, `unavailable`; nothing is visible then
   */
  put(key: string, source: BlobSource, options?: PutOptions): Promise<void>
  /**
   * Where a file is to be written that `putFile` takes: beside the blobs, so that it only gets its name then. It bears the mark of this process,
   * so whatever a process leaves there is cleared away once it is dead.
   */
  temporary(): Promise<string>
  /** As `put`, of a file that was written durably at `temporary()` and not changed since. It is gone afterwards, also when this throws. */
  putFile(key: string, path: string, facts: Omit<BlobSource, 'open'>, signal?: AbortSignal): Promise<void>
  /**
   * What it began to give is given to the end, whatever is put or deleted meanwhile.
   * @throws FototecaError `not_found`, `unavailable`, `invalid` for a span with nothing in it; the stream fails with `unavailable` when it ends early
   */
  get(key: string, options?: GetOptions): Promise<OpenBlob>
  /** null: nothing is there. @throws FototecaError `unavailable` */
  stat(key: string): Promise<StoredBlob | null>
  /** Also of what is not there. @throws FototecaError `unavailable` */
  delete(key: string): Promise<void>
  /** Deletes all whose keys begin with `folder/`. @throws FototecaError `unavailable` */
  deleteBelow(folder: string): Promise<void>
  /** In the order of keys. @throws FototecaError `unavailable` */
  list(prefix?: string): AsyncIterable<StoredBlob>
  /**
   * For what needs a path. The file is there while `use` runs, is only read, and may be the blob itself.
   * @param use gets also where the file must lie when it is opened; null: anywhere
   * @throws FototecaError `not_found`, `unavailable`; what `use` throws
   */
  withLocalFile<T>(key: string, use: (path: string, bounds: Bounds | null) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** An address to fetch it from that works without this program; null where there is none (then the program serves it). */
  url(key: string): Promise<string | null>
}

const MAX_KEY_BYTES = 900

/**
 * A key names something inside its store and nothing else: no step upwards, no absolute or hidden part, no control characters.
 * @throws FototecaError `invalid`
 */
export function checkKey(key: string): string {
  const isFine =
    key !== '' &&
    Buffer.byteLength(key) <= MAX_KEY_BYTES &&
    key.isWellFormed() &&
    !/[\\\p{Cc}]/u.test(key) &&
    key.split('/').every((part) => part !== '' && !part.startsWith('.') && Buffer.byteLength(part) <= 255)
  if (!isFine) throw new FototecaError('invalid', `“${key.slice(0, 100)}” cannot be the name of a picture in a store`)
  return key
}

export function noBlob(store: string, key: string): FototecaError {
  return new FototecaError('not_found', `the store ${store} has no ${key}`)
}

export function nothingInSpan(key: string, { start, end }: ByteSpan): FototecaError {
  return new FototecaError('invalid', `${key} has no bytes from ${start} to ${end}`)
}

/** Bytes in memory as a source. */
export function bytesSource(content: string | Uint8Array, contentType: string): BlobSource {
  const bytes = Buffer.from(content)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { bytes: bytes.length, sha256, contentType, open: () => Readable.from([bytes], { objectMode: false }) }
}

/** The bytes of a source. @throws FototecaError `checksum_mismatch` after the last, when they are not what it said */
export async function* readChecked(source: BlobSource, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of source.open() as AsyncIterable<Buffer>) {
    signal?.throwIfAborted()
    bytes += chunk.length
    hash.update(chunk)
    yield chunk
  }
  if (bytes !== source.bytes || hash.digest('hex') !== source.sha256)
    throw new FototecaError('checksum_mismatch', `the picture changed while it was stored (${bytes} of ${source.bytes} bytes); try again`)
}

/** All bytes of a blob that fits into memory. @throws as `get` */
export async function readBlob(store: Pick<BlobStore, 'get'>, key: string, signal?: AbortSignal): Promise<Buffer> {
  return buffer((await store.get(key, { signal })).stream)
}

/** null: nothing is there. @throws as `get` for anything else */
export async function readBlobIfThere(store: Pick<BlobStore, 'get'>, key: string): Promise<Buffer | null> {
  return readBlob(store, key).catch((error: unknown) => {
    if (error instanceof FototecaError && error.code === 'not_found') return null
    throw error
  })
}
