/** @file A file of the library, wherever its bytes are: a blob of ours, or a file in a folder that is indexed in place. It is only read. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { FototecaError } from '../domain/errors.ts'
import type { BlobStore } from './blob-store.ts'
import { type Bounds, type FoundFile, leadsInside, type Place, readBounds, readOriginal } from './bounds.ts'

/** A file of a source: it must lie within its bounds when it is opened. */
export interface InPlace extends FoundFile {
  readonly bounds: Bounds
}

export interface LibraryFile {
  readonly bytes: number
  readonly modifiedMs: number
  /** null: it is a blob of ours */
  readonly inPlace: InPlace | null
  /** null: it lies in a folder that is indexed in place */
  readonly blob: { readonly store: BlobStore; readonly key: string } | null
  /** @throws FototecaError `unavailable` when it cannot be had any more; the file system’s own error */
  read(): AsyncIterable<Buffer>
  /** For what needs a path, which is there while `use` runs. @throws as `read`; what `use` throws */
  withFile<T>(use: (file: FoundFile) => Promise<T>): Promise<T>
}

/** As `read`, for whoever wants a stream. */
export const streamFile = (file: LibraryFile): Readable => Readable.from(file.read(), { objectMode: false })

/**
 * @param bytes another length is another content: cut off, or replaced and not looked at yet. undefined: not known
 * @returns null when it is not there
 * @throws FototecaError `unavailable` where the store does not answer
 */
export async function findBlob(store: BlobStore, key: string, bytes?: number): Promise<LibraryFile | null> {
  const found = await store.stat(key)
  if (!found || (bytes !== undefined && found.bytes !== bytes)) return null
  return {
    bytes: found.bytes,
    modifiedMs: found.modifiedMs,
    inPlace: null,
    blob: { store, key },
    async *read() {
      yield* (await store.get(key).catch(notAnyMore)).stream
    },
    withFile: (use) => store.withLocalFile(key, (path, bounds) => use({ path, bounds })),
  }
}

/**
 * A file below the root of a source, where it may not lead elsewhere: a link that was put in its place may lead anywhere.
 * @param bytes as of `findBlob` @returns null when it is not there
 */
export async function findInPlace(place: Place, path: string, bytes?: number): Promise<LibraryFile | null> {
  const absolute = join(place.root, path)
  const bounds = await readBounds(place).catch(() => null)
  if (bounds === null || !(await leadsInside(absolute, bounds))) return null
  const found = await stat(absolute).catch(() => null)
  if (!found?.isFile() || (bytes !== undefined && found.size !== bytes)) return null
  return fileInPlace({ path: absolute, bounds }, { bytes: found.size, modifiedMs: found.mtimeMs })
}

export function fileInPlace(inPlace: InPlace, facts: Pick<LibraryFile, 'bytes' | 'modifiedMs'>): LibraryFile {
  return { ...facts, inPlace, blob: null, read: () => readOriginal(inPlace), withFile: (use) => use(inPlace) }
}

/** It was there a moment ago. */
function notAnyMore(error: unknown): never {
  if (error instanceof FototecaError && error.code === 'not_found') throw new FototecaError('unavailable', error.message, { cause: error })
  throw error
}
