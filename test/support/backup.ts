/** @file A small library with something in many tables, backups of it, and what two databases are compared by. */

import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type BackupOptions, type MadeBackup, makeBackup } from '../../src/backup/make-backup.ts'
import { openPlaceToRead, openPlaceToWrite } from '../../src/backup/place.ts'
import { type RestoreOptions, type RestoreTarget, restore } from '../../src/backup/restore.ts'
import { readSnapshot } from '../../src/backup/snapshot.ts'
import type { Db } from '../../src/db/client.ts'
import { listTables, readDatabase } from '../../src/db/copy/read-database.ts'
import { openLibraryBlobs } from '../../src/storage/library-blobs.ts'
import type { TestDatabase } from './database.ts'
import { pictureBytes } from './ingest.ts'
import { addPhoto } from './library.ts'
import { addVectors, unit } from './search.ts'

export const LIBRARY = '00000000-0000-4000-8000-000000000000'
const never = new AbortController().signal

/** Uploads with bytes, facts, vectors, a folder source with one photo, a sidecar and a held picture. @returns photo ids of the uploads */
export async function fillLibrary({ db, dataDir }: Pick<TestDatabase, 'db' | 'dataDir'>, folder: string, uploads = 4): Promise<number[]> {
  const ids: number[] = []
  for (let n = 0; n < uploads; n++) ids.push(await addUpload(db, dataDir, `picture ${n} – „ä\\"`))
  await addVectors(
    db,
    'fake/3',
    ids.map((id, n) => [id, unit(1, n, 1 / 3)]),
  )
  const source = await db.insertInto('sources').values({ kind: 'folder', path: folder }).returning('id').executeTakeFirstOrThrow()
  const bytes = pictureBytes('in a folder')
  await putBytes(join(folder, 'a b/c.jpg'), bytes)
  await addFile(db, await addPhoto(db, { filename: 'c.jpg' }), source.id, 'a b/c.jpg', bytes)
  await putBytes(join(dataDir, 'sidecars/ab/x.xmp'), Buffer.from('<x/>'))
  await putBytes(join(dataDir, 'held/1.png'), Buffer.from('made'))
  // a number that was given away and is not there any more
  const gone = await addPhoto(db)
  await db.deleteFrom('photos').where('id', '=', gone).execute()
  await db.insertInto('albums').values({ name: 'Norway\n\t\\N “x”', kind: 'by-hand' }).execute()
  return ids
}

export async function addUpload(db: Db, dataDir: string, content: string): Promise<number> {
  const bytes = pictureBytes(content)
  const sha256 = sumOf(bytes)
  await putBytes(join(dataDir, 'originals', blobPath(sha256)), bytes)
  const id = await addPhoto(db, {
    filename: `${content}.jpg`,
    tags: ['dog', content],
    people: [content],
    text: `\\. ${content}\u0001`,
    metadata: { keywords: ['a"b', 'null', ''], latitude: 0.1 + 0.2, raw: '{"a": [1.10, null]}' },
  })
  const upload = await db.selectFrom('sources').select('id').where('kind', '=', 'upload').executeTakeFirstOrThrow()
  await addFile(db, id, upload.id, blobPath(sha256), bytes)
  return id
}

async function addFile(db: Db, photoId: number, sourceId: number, path: string, bytes: Buffer): Promise<void> {
  await db
    .updateTable('photos')
    .set({ sha256: sumOf(bytes), bytes: bytes.length })
    .where('id', '=', photoId)
    .execute()
  await db
    .insertInto('photo_files')
    .values({ photo_id: photoId, source_id: sourceId, path, filename: 'x.jpg', bytes: bytes.length, modified_ms: 1_700_000_000_000 })
    .execute()
  await db.insertInto('photo_steps').values({ photo_id: photoId, step: 'prepare', version: 1, lane: 'analyse', state: 'done' }).execute()
}

export const blobPath = (sha256: string): string => `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
export const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function putBytes(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

export async function backUp(
  open: Pick<TestDatabase, 'db' | 'engine' | 'folder' | 'dataDir'> & { readonly blobs?: string },
  target: string,
  options: Partial<BackupOptions> & { readonly stores?: string; readonly library?: string } = {},
  onProgress: Parameters<typeof makeBackup>[3] = () => {},
): Promise<MadeBackup> {
  const { library = LIBRARY, stores, keep = 14, withFolders = false } = options
  await using place = await openPlaceToWrite(target, { dataDir: open.dataDir, stores, productProfile: 'jewelry' }, library)
  return await makeBackup(
    { open, dataDir: open.dataDir, blobs: await openLibraryBlobs(open), library, minFreeBytes: 0 },
    place,
    { keep, withFolders },
    onProgress,
    never,
  )
}

export async function bringBack(
  target: string,
  to: RestoreTarget,
  options: Partial<RestoreOptions> & { readonly snapshot?: string; readonly stores?: string } = {},
  onProgress: Parameters<typeof restore>[4] = () => {},
) {
  const { snapshot, stores, skipDamaged = false, foldersTo = null } = options
  await using place = await openPlaceToRead(target, { dataDir: to.dataDir, stores, productProfile: 'jewelry' })
  return await restore(place, await readSnapshot(place, snapshot), to, { skipDamaged, foldersTo }, onProgress, never)
}

/** All rows as text, in an order of their own; without what a restored database says otherwise: numbers of transactions, thumbnails that are due. */
export async function readRows(db: Db): Promise<Record<string, readonly string[]>> {
  const columns = new Map((await listTables(db)).map((table) => [table.name, table.columns]))
  const rows: Record<string, readonly string[]> = {}
  const { sequences } = await readDatabase(
    db,
    async (name, batches) => {
      const all: string[] = []
      const left = (column: { name: string; type: string }) =>
        column.type === 'xid8' || ['photos.state', 'sources.paused_at', 'photo_records.sha256'].includes(`${name}.${column.name}`)
      for await (const batch of batches)
        for (const row of batch) all.push(JSON.stringify(row.filter((_, at) => !left(columns.get(name)![at]!))))
      rows[name] = all.filter((row) => !row.includes('"backup.') && !(name === 'photo_steps' && row.includes('"prepare"'))).sort()
    },
    async () => undefined,
    never,
  )
  return { ...rows, sequences: sequences.map((sequence) => JSON.stringify(sequence)) }
}
