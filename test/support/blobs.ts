/** @file What tests of blob stores share. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { RenditionKind } from '../../src/contract/words.ts'
import type { BlobSource } from '../../src/storage/blob-store.ts'
import type { Bounds } from '../../src/storage/bounds.ts'
import { renditionKey } from '../../src/storage/keys.ts'
import { fileInPlace, type LibraryFile } from '../../src/storage/library-file.ts'

/** @param said what it claims to be, where that is another thing */
export function sourceOf(content: string | Buffer, said: string | Buffer = content): BlobSource {
  return {
    bytes: Buffer.byteLength(said),
    sha256: createHash('sha256').update(said).digest('hex'),
    contentType: 'image/jpeg',
    open: () => Readable.from([Buffer.from(content)]),
  }
}

export async function keysOf(items: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of items) keys.push(key)
  return keys
}

/** Where a rendition lies in a data folder. */
export const renditionPath = (dataDir: string, sha256: string, kind: RenditionKind): string =>
  join(dataDir, 'renditions', renditionKey(sha256, kind))

/** A file anywhere on this machine as one of the library. */
export async function fileAt(path: string, bounds: Bounds = { root: '/', targets: [] }): Promise<LibraryFile> {
  const found = await stat(path).catch(() => null)
  return fileInPlace({ path, bounds }, { bytes: found?.size ?? 0, modifiedMs: 0 })
}

/** Where the file is while nothing else happens. */
export const pathOf = (file: Pick<LibraryFile, 'withFile'> | null): Promise<string> =>
  file ? file.withFile(async ({ path }) => path) : Promise.reject(new Error('there is no file'))
