/** @file Exports over HTTP: facts and pictures of a search, an album or chosen photos; broken fetches go on; memory stays small. */
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ExportReport } from '../../../src/contract/exports.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'

let database: TestDatabase
let app: FastifyInstance

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  app = await openTestServer(database)
  return () => app.close()
})

async function restart(): Promise<void> {
  await app.close()
  app = await openTestServer(database)
}

const prepare = async (payload: object) => app.inject({ method: 'POST', url: '/api/exports', payload })
const get = async (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
async function fetchExport(payload: object) {
  const report = (await prepare(payload)).json<ExportReport>()
  return { report, answer: await get(report.path) }
}

it('CSV and JSON say the chosen columns of all photos a search finds, best or newest first', async () => {
  await addPhoto(database.db, { filename: 'a "dog".jpg', tags: ['dog', 'beach'], day: '2024-05-02', people: ['Ada'], text: 'SALE' })
  await addPhoto(database.db, { filename: 'cat.jpg', tags: ['cat'] })
  const search = { tag: ['dog'] }
  const { report, answer } = await fetchExport({
    photos: { search },
    format: 'csv',
    columns: ['tags', 'filename', 'day', 'people', 'text'],
  })
  expect(report).toMatchObject({ photos: 1, missing: 0, bytes: null, filename: expect.stringMatching(/^fototeca .*\.csv$/) })
  expect(answer.body).toBe('filename,day,tags,people,text\r\n"a ""dog"".jpg",2024-05-02,beach; dog,Ada,SALE\r\n')
  expect(answer.headers).toMatchObject({ 'content-type': expect.stringContaining('text/csv'), 'accept-ranges': 'bytes' })
  const json = await fetchExport({ photos: { search: {} }, format: 'json' })
  const rows = json.answer.json()
  expect(rows).toHaveLength(2)
  expect(rows.find((row: { tags: string[] }) => row.tags.includes('dog'))).toMatchObject({
    people: ['Ada'],
    favourite: false,
    width: 4000,
    albums: [],
  })
})

it('of an album in its order, also of a saved search', async () => {
  const [a, b] = [await addPhoto(database.db, { tags: ['sea'] }), await addPhoto(database.db, { tags: ['sea'] })]
  const make = async (payload: object) => (await app.inject({ method: 'POST', url: '/api/albums', payload })).json<{ id: number }>().id
  const hand = await make({ name: 'x', photos: { ids: [b, a] } })
  const saved = await make({ name: 'y', search: { tag: ['sea'] } })
  expect((await fetchExport({ photos: { album: hand }, columns: ['id'] })).answer.body).toBe(`id\r\n${b}\r\n${a}\r\n`)
  expect((await fetchExport({ photos: { album: saved }, columns: ['id'] })).answer.body.split('\r\n')).toHaveLength(4)
  expect((await prepare({ photos: { album: 99 } })).statusCode).toBe(404)
  expect((await prepare({ photos: { ids: [a] }, columns: ['nonsense'] })).statusCode).toBe(422)
})

it('what is in the trash is left out, also where it was chosen', async () => {
  const [a, b] = [await addPhoto(database.db), await addPhoto(database.db)]
  await database.db.updateTable('photos').set({ trashed_at: new Date() }).where('id', '=', a).execute()
  const { report, answer } = await fetchExport({ photos: { ids: [a, b] }, columns: ['id'] })
  expect(report.photos).toBe(1)
  expect(answer.body).toBe(`id\r\n${b}\r\n`)
})

it('a broken fetch goes on at any byte while the facts stand, and says so when they do not', async () => {
  const ids: number[] = []
  for (let i = 0; i < 250; i++) ids.push(await addPhoto(database.db, { tags: [`t${i}`] }))
  const { path } = (await prepare({ photos: { ids }, columns: ['id', 'tags'] })).json<ExportReport>()
  // begun, and broken off before its end was known
  const first = await get(path, { range: 'bytes=0-9' })
  expect([first.statusCode, first.body]).toEqual([206, 'id,tags\r\n1'])
  const whole = await get(path)
  const etag = String(whole.headers.etag)
  const rest = await get(path, { range: 'bytes=1000-', 'if-range': etag })
  expect([rest.statusCode, rest.body]).toEqual([206, whole.body.slice(1000)])
  expect(rest.headers['content-range']).toBe(`bytes 1000-${whole.rawPayload.length - 1}/${whole.rawPayload.length}`)
  expect((await get(path, { range: 'bytes=999999-' })).statusCode).toBe(416)
  await addPhoto(database.db)
  expect((await get(path, { range: 'bytes=1000-' })).statusCode).toBe(409)
  const again = await get(path, { range: 'bytes=1000-', 'if-range': etag })
  expect([again.statusCode, again.body]).toEqual([200, whole.body])
  await restart()
  const resumed = await get(path, { range: 'bytes=1000-', 'if-range': String(again.headers.etag) })
  expect([resumed.statusCode, resumed.body]).toEqual([206, whole.body.slice(1000)])
  await addPhoto(database.db)
  await restart()
  expect((await get(path, { range: 'bytes=1000-' })).statusCode).toBe(409)
  expect((await get('/api/exports/6e8bc430-9c3a-11d9-9669-0800200c9a66')).statusCode).toBe(404)
})

it('a ZIP of originals has its length beforehand and goes on at any byte', async () => {
  const ids = [
    await addPhoto(database.db, { filename: 'a.jpg' }),
    await addPhoto(database.db, { filename: 'a.jpg' }),
    await addPhoto(database.db),
  ]
  const folder = await database.db
    .insertInto('sources')
    .values({ kind: 'folder', path: database.dataDir })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const [index, id] of ids.slice(0, 2).entries()) {
    await writeFile(join(database.dataDir, `${index}.jpg`), `bytes of ${index}`)
    await database.db
      .insertInto('photo_files')
      .values({ photo_id: id, source_id: folder.id, path: `${index}.jpg`, filename: 'a.jpg', bytes: 10, modified_ms: 0 })
      .execute()
  }
  const { report, answer } = await fetchExport({ photos: { ids }, format: 'zip-originals' })
  expect(report).toMatchObject({ photos: 2, missing: 1, bytes: answer.rawPayload.length })
  for (const start of [0, 3, 60, 120, answer.rawPayload.length - 1]) {
    const part = await get(report.path, { range: `bytes=${start}-` })
    expect(part.statusCode).toBe(206)
    expect(part.rawPayload).toEqual(answer.rawPayload.subarray(start))
  }
  await restart()
  const goOn = () => get(report.path, { range: 'bytes=50-', 'if-range': String(answer.headers.etag) })
  const resumed = await goOn()
  expect([resumed.statusCode, resumed.rawPayload]).toEqual([206, answer.rawPayload.subarray(50)])
  await writeFile(join(database.dataDir, '0.jpg'), 'other bytes')
  await database.db.updateTable('photo_files').set({ bytes: 11 }).where('path', '=', '0.jpg').execute()
  await restart()
  const anew = await goOn()
  expect([anew.statusCode, anew.rawPayload.length]).toEqual([200, answer.rawPayload.length + 1])
  expect((await prepare({ photos: { ids }, format: 'zip-previews' })).statusCode).toBe(404)
  // a power cut may leave the file without its bytes
  await writeFile(join(database.dataDir, 'exports', `${basename(report.path)}.json`), '')
  await restart()
  expect((await goOn()).statusCode).toBe(404)
})
