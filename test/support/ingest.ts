/** @file An ingest over a test database, with small files that look like pictures. */
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { PHOTO_FORMATS } from '../../src/contract/words.ts'
import type { Db } from '../../src/db/client.ts'
import { silentLog } from '../../src/domain/log.ts'
import { createIngest, type Ingest, type IngestDeps } from '../../src/ingest/ingest.ts'
import { insertDueSteps } from '../../src/pipeline/ledger.ts'
import { openLibraryBlobs } from '../../src/storage/library-blobs.ts'

/** Begins like a JPEG; `content` makes it one of its own. Nothing in ingest decodes. */
export function pictureBytes(content: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), Buffer.from('JFIF\0'), Buffer.from(content)])
}

export const streamOf = (bytes: Buffer): Readable => Readable.from([bytes])

/** Writes a file below `root`, an hour old, so that it counts as settled. */
export async function putFile(root: string, path: string, bytes: Buffer | string, ageMs = 3_600_000): Promise<void> {
  const absolute = join(root, path)
  await mkdir(dirname(absolute), { recursive: true })
  await writeFile(absolute, bytes)
  const time = new Date(Date.now() - ageMs)
  await utimes(absolute, time, time)
}

export interface TestIngest extends Ingest {
  /** photos that were given to the pipeline */
  readonly fresh: number[]
  /** photos whose sidecars came, changed or went */
  readonly sidecars: number[]
}

export async function openTestIngest(db: Db, dataDir: string, options: Partial<IngestDeps> = {}): Promise<TestIngest> {
  const fresh: number[] = []
  const sidecars: number[] = []
  const ingest = await createIngest({
    db,
    dataDir,
    originals: (await openLibraryBlobs({ dataDir })).originals,
    limits: { maxBytes: 100_000, formats: PHOTO_FORMATS },
    onNewPhoto: async (trx, photoId) => {
      await insertDueSteps(trx, photoId, [{ name: 'prepare', version: 1, lane: 'analyse' }])
      fresh.push(photoId)
    },
    wake: () => {},
    onSidecars: async (ids) => {
      sidecars.push(...ids)
    },
    log: silentLog,
    watch: 'off',
    settleMs: 200,
    ...options,
  })
  return Object.assign(ingest, { fresh, sidecars })
}

export async function readPhotos(db: Db) {
  return db
    .selectFrom('photos')
    .select(['id', 'filename', 'sha256', 'format', 'state', 'reason', 'missing_since', 'bytes'])
    .orderBy('id')
    .execute()
}

export async function readFiles(db: Db, sourceId: number) {
  return db
    .selectFrom('photo_files')
    .select(['path', 'photo_id as photoId', 'missing_since as missingSince'])
    .where('source_id', '=', sourceId)
    .orderBy('path')
    .execute()
}
