/** @file The trash over the API: restored, emptied, remembered; files in folders stay unless asked for twice; an upload of what was deleted says so. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ScanReport, UploadResult } from '../../../src/contract/library.ts'
import type { EmptyReport, TrashReport } from '../../../src/contract/trash.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createTrash } from '../../../src/edit/trash.ts'
import { originalKey } from '../../../src/storage/keys.ts'
import { type LibraryBlobs, openLibraryBlobs } from '../../../src/storage/library-blobs.ts'
import { addToAlbum } from '../../support/albums.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { pictureBytes, putFile } from '../../support/ingest.ts'

let database: TestDatabase
let blobs: LibraryBlobs
let app: FastifyInstance
let folder: string

beforeAll(async () => {
  database = await openTestDatabase()
  blobs = await openLibraryBlobs(database)
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  folder = await mkdtemp(join(tmpdir(), 'fototeca-trash-'))
  app = await openTestServer(database)
  return async () => {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  }
})

async function call<T>(method: 'GET' | 'POST', url: string, payload?: object): Promise<{ status: number; json: T }> {
  const answer = await app.inject({ method, url, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, json: answer.json() as T }
}
async function upload(content: string): Promise<UploadResult> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(pictureBytes(content))]), `${content}.jpg`)
  const request = new Request('http://x', { method: 'POST', body: form })
  const answer = await app.inject({
    method: 'POST',
    url: '/api/photos',
    headers: { 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  })
  return answer.json<{ photos: UploadResult[] }>().photos[0]!
}
const throwAway = (...ids: number[]) => call('POST', '/api/edits', { photos: { ids }, operations: [{ do: 'trash' }] })
const trash = async (query = '') => (await call<TrashReport>('GET', `/api/trash?${query}`)).json
const empty = async (payload: object = {}) => (await call<EmptyReport>('POST', '/api/trash/empty', payload)).json
const gallery = async () => (await call<{ photos: { id: number }[] }>('GET', '/api/photos')).json.photos.map(({ id }) => id)
const blobOf = async (id: number) => {
  const { sha256 } = await database.db.selectFrom('photos').select('sha256').where('id', '=', id).executeTakeFirstOrThrow()
  return join(database.dataDir, 'originals', originalKey(sha256))
}

it('gives back, or deletes with everything known of it; a later upload of the same bytes says so and can bring it back', async () => {
  const [a, b] = [await upload('a'), await upload('b')]
  await addToAlbum(database.db, [a.id, b.id])
  await throwAway(a.id, b.id)
  expect(await gallery()).toEqual([])
  expect(await trash()).toMatchObject({ total: 2, photos: [{ photo: { id: b.id }, in_place: false }, { photo: { id: a.id } }], next: null })
  expect((await call<{ restored: number }>('POST', '/api/trash/restore', { ids: [a.id] })).json.restored).toBe(1)
  expect(await gallery()).toEqual([a.id])
  // still in the trash: the answer says so, the photo stays there
  expect(await upload('b')).toMatchObject({
    id: b.id,
    duplicate: true,
    deleted_at: expect.any(String),
    message: expect.stringContaining('was deleted on'),
  })

  const blob = await blobOf(b.id)
  expect(await empty()).toMatchObject({ deleted: 1, files_kept: 0, confirm: null })
  expect(existsSync(blob)).toBe(false)
  expect((await call('GET', `/api/photos/${b.id}`)).status).toBe(404)
  expect((await trash()).total).toBe(0)
  const { rows } = await database.db
    .selectFrom('album_photos')
    .select('photo_id')
    .execute()
    .then((found) => ({ rows: found }))
  expect(rows).toEqual([{ photo_id: a.id }])

  const again = await upload('b')
  expect(again).toMatchObject({ duplicate: true, deleted_at: expect.any(String) })
  expect(await gallery()).toEqual([a.id])
  expect(existsSync(blob)).toBe(true)
  expect((await call('POST', '/api/trash/restore', { ids: [again.id] })).status).toBe(200)
  expect(await gallery()).toHaveLength(2)
  expect((await call<{ state: string }>('GET', `/api/photos/${again.id}`)).json.state).toBe('pending')
  expect((await call('POST', '/api/trash/restore', { ids: [a.id] })).status).toBe(404)
})

it('never touches files in folders: their photos stay hidden through scans, and can be brought back', async () => {
  await putFile(folder, 'a.jpg', pictureBytes('a'))
  await putFile(folder, 'b.jpg', pictureBytes('b'))
  const source = (await call<{ id: number }>('POST', '/api/sources', { path: folder })).json
  const scan = async () => (await call<ScanReport>('POST', `/api/sources/${source.id}/scan`, {})).json
  await expect.poll(gallery).toHaveLength(2)
  const [first, second] = (await gallery()).sort()
  await throwAway(first!)
  expect(await empty()).toMatchObject({ deleted: 1, files_kept: 1, files_deleted: 0 })
  expect(existsSync(join(folder, 'a.jpg'))).toBe(true)
  await putFile(folder, 'copy of a.jpg', pictureBytes('a'))
  expect(await scan()).toMatchObject({ added: 0, duplicates: 1 })
  expect(await scan()).toMatchObject({ added: 0, unchanged: 3 })
  expect(await gallery()).toEqual([second])
  const removed = await trash('removed=true')
  expect(removed).toMatchObject({ total: 1, photos: [{ photo: { filename: 'a.jpg' }, in_place: true, deleted_on: null }] })
  await call('POST', '/api/trash/restore', { ids: [removed.photos[0]!.photo.id] })
  expect(await gallery()).toHaveLength(2)
})

it('deletes files in folders only when that is asked for twice, exactly', async () => {
  await putFile(folder, 'a.jpg', pictureBytes('a'))
  await putFile(folder, 'b.jpg', pictureBytes('b'))
  await call('POST', '/api/sources', { path: folder })
  await expect.poll(gallery).toHaveLength(2)
  await throwAway(...(await gallery()))
  const asked = await empty({ files: 'delete' })
  expect(asked).toMatchObject({ deleted: 0, files_deleted: 0, confirm: { files: 2, folders: [folder] } })
  expect(existsSync(join(folder, 'a.jpg'))).toBe(true)
  const { token } = asked.confirm!
  const refused = async (confirm: object) => (await call('POST', '/api/trash/empty', { files: 'delete', confirm })).status
  expect(await refused({ token, files: 1 })).toBe(409)
  expect(await refused({ token: crypto.randomUUID(), files: 2 })).toBe(409)
  expect((await trash()).total).toBe(2)
  // one was changed meanwhile: that one stays
  await putFile(folder, 'b.jpg', pictureBytes('b is another now'))
  expect(await empty({ files: 'delete', confirm: { token, files: 2 } })).toMatchObject({
    deleted: 2,
    files_deleted: 1,
    files_kept: 1,
    problems: [expect.stringContaining('was changed')],
  })
  expect([existsSync(join(folder, 'a.jpg')), existsSync(join(folder, 'b.jpg'))]).toEqual([false, true])
})

/** The trash as it is so many days from now. */
const openTrash = (days: number) =>
  createTrash({
    db: database.db,
    dataDir: database.dataDir,
    renditions: blobs.renditions,
    log: silentLog,
    edits: { make: () => Promise.reject(new Error('not asked')) },
    removeBlob: async () => {},
    onNewPhoto: async () => {},
    onChanged: () => {},
    now: () => Date.now() + days * 86_400_000,
  })

it('deletes nothing at once where the clock is set ahead, and goes on a day later, also where it is set back meanwhile', async () => {
  const { id } = await upload('a')
  await throwAway(id)
  const emptyAt = (days: number) => openTrash(days).emptyOld()
  expect(await emptyAt(0)).toBe(0)
  // a year ahead, and back again within a day
  expect([await emptyAt(365), await emptyAt(365.5)]).toEqual([0, 0])
  expect([await emptyAt(0.1), await emptyAt(0.9), await emptyAt(1.2)]).toEqual([0, 0, 0])
  expect((await trash()).photos).toHaveLength(1)
  // ahead for good
  expect([await emptyAt(365), await emptyAt(365.9)]).toEqual([0, 0])
  expect(await emptyAt(366.1)).toBe(1)
})

it('is emptied also of a library that runs for an hour every week', async () => {
  const { id } = await upload('a')
  await throwAway(id)
  const deleted: number[] = []
  for (const week of [0, 1, 2, 3, 4, 5, 6]) deleted.push(await openTrash(7 * week).emptyOld())
  expect(deleted.reduce((sum, photos) => sum + photos)).toBe(1)
  expect(deleted.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
})

it('empties itself of what has been in it for 30 days', async () => {
  const [a, b] = [await upload('a'), await upload('b')]
  await throwAway(a.id)
  await throwAway(b.id)
  await database.db
    .updateTable('photos')
    .set({ trashed_at: new Date(Date.now() - 29 * 86_400_000) })
    .where('id', '=', b.id)
    .execute()
  expect(await openTrash(0).emptyOld()).toBe(0)
  expect(await openTrash(0.9).emptyOld()).toBe(0)
  expect(await openTrash(1.8).emptyOld()).toBe(1)
  expect((await trash()).photos.map(({ photo }) => photo.id)).toEqual([a.id])
})
