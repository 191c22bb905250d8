/** @file A ZIP of made pictures in the store that got them, beside them: addresses of the bucket are given for both. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { writeZip, type ZipEntry, zipLength, zipTag } from '../library/zip.ts'
import type { NamedStore } from '../storage/stores.ts'
import { MADE_FOLDER } from './store-made.ts'

/** Its name holds the tag of its content, so what lies under it is whole and the same. @returns its key */
export async function putZip({ blobs }: NamedStore, name: string, entries: ZipEntry[]): Promise<string> {
  const key = `${MADE_FOLDER}${name}-${zipTag(entries).replaceAll('"', '')}.zip`
  const bytes = zipLength(entries)
  if ((await blobs.stat(key))?.bytes === bytes) return key
  const hash = createHash('sha256')
  for await (const chunk of writeZip(entries)) hash.update(chunk)
  const sha256 = hash.digest('hex')
  const open = () => Readable.from(writeZip(entries), { objectMode: false })
  await blobs.put(key, { bytes, sha256, contentType: 'application/zip', open })
  return key
}

/** Of a store: no picture, and meant to be there. */
export const isZip = (key: string): boolean => key.startsWith(MADE_FOLDER) && key.endsWith('.zip')
