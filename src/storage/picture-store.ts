/** @file What a store of pictures is: a folder or a bucket behind one interface. Keys are relative paths with `/`. */
import type { Readable } from 'node:stream'
import { FototecaError } from '../domain/errors.ts'

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
  /** as it was said when it was put; null when the store does not remember or somebody else put it there */
  readonly sha256: string | null
}

export interface PictureStore extends AsyncDisposable {
  /**
   * Puts the bytes under the key, whole and durable when it returns; what was there is replaced.
   * @throws FototecaError `checksum_mismatch` when the source is not what it said, `disk_full`, `unavailable`; nothing is visible then
   */
  put(key: string, source: BlobSource, signal?: AbortSignal): Promise<void>
  /** @throws FototecaError `not_found`, `unavailable`; the stream fails with `unavailable` when the bytes end early */
  get(key: string, signal?: AbortSignal): Promise<{ readonly bytes: number; readonly stream: Readable }>
  /** null: nothing is there. @throws FototecaError `unavailable` */
  head(key: string): Promise<StoredBlob | null>
  /** Also of what is not there. @throws FototecaError `unavailable` */
  delete(key: string): Promise<void>
  /** In the order of keys. @throws FototecaError `unavailable` */
  list(prefix?: string): AsyncIterable<StoredBlob>
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
