/** @file A library whose database is gone is made anew: originals, names, decisions, albums; what is broken is told and left. */
import { createHash } from 'node:crypto'
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RebuildReport } from '../../../src/contract/rebuild.ts'
import { refreshSearchDocuments } from '../../../src/document/store.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { recordPath } from '../../../src/domain/record-path.ts'
import { createRecordWriter } from '../../../src/rebuild/record-writer.ts'
import { originalKey } from '../../../src/storage/keys.ts'
import { runTestCli } from '../../support/cli.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { openTestIngest, pictureBytes, putFile, streamOf } from '../../support/ingest.ts'

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const [first, second, broken, inFolder] = ['first', 'second', 'broken', 'in a folder'].map(pictureBytes) as [Buffer, Buffer, Buffer, Buffer]
const blob = ({ dataDir }: TestDatabase, bytes: Buffer) => join(dataDir, 'originals', originalKey(sha256Of(bytes)))

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="3">
<dc:subject><rdf:Bag><rdf:li>Harbour</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`

let lost: TestDatabase
let fresh: TestDatabase
let app: Awaited<ReturnType<typeof openTestServer>>
let pictures: string

async function writeAllRecords({ db, dataDir }: TestDatabase): Promise<void> {
  const write = createRecordWriter({ db, dataDir, isHeld: async () => false })
  while (await write());
}

const decide = ({ db }: TestDatabase, id: number, field: 'rating' | 'tag' | 'title' | 'favourite', key: string, value: unknown) =>
  db
    .insertInto('decisions')
    .values({ photo_id: id, field, key, value: JSON.stringify(value) })
    .execute()

const nameOf = (bytes: Buffer) =>
  fresh.db
    .selectFrom('photos')
    .select(['id', 'filename', 'created_at', 'collection'])
    .where('sha256', '=', sha256Of(bytes))
    .executeTakeFirst()

async function rebuild(body: object = {}): Promise<RebuildReport> {
  const begun = await app.inject({ method: 'POST', url: '/api/rebuild', payload: body })
  expect(begun.statusCode).toBe(200)
  await expect.poll(async () => (await app.inject('/api/rebuild')).json<RebuildReport>().state, { timeout: 20_000 }).toBe('done')
  return (await app.inject('/api/rebuild')).json()
}

/** A library with uploads, a folder, and decisions, of which only files are left. */
beforeAll(async () => {
  lost = await openTestDatabase()
  fresh = await openTestDatabase()
  pictures = `${fresh.dataDir}-pictures`
  await putFile(pictures, 'holiday.jpg', inFolder)
  const ingest = await openTestIngest(lost.db, lost.dataDir)
  const [a, b, c] = [
    (await ingest.upload(streamOf(first), 'first light.jpg')).id,
    (await ingest.upload(streamOf(second), 'second.jpg', 'products')).id,
    (await ingest.upload(streamOf(broken), 'broken.jpg')).id,
  ]
  const source = await ingest.addFolder(pictures)
  await ingest.scan(source.id)
  const d = (await lost.db.selectFrom('photos').select('id').where('sha256', '=', sha256Of(inFolder)).executeTakeFirstOrThrow()).id
  await lost.db
    .updateTable('photos')
    .set({ created_at: new Date('2024-05-06T07:08:09.123Z') })
    .where('id', '=', a)
    .execute()
  await decide(lost, a, 'rating', '', 4)
  await decide(lost, a, 'tag', 'sunrise', true)
  await decide(lost, a, 'tag', 'sunset', false)
  await decide(lost, a, 'title', '', null)
  await decide(lost, d, 'favourite', '', true)
  const { rows } = await sql<{ id: number }>`
    insert into albums (name, kind) values ('Best of', 'by-hand') returning id`.execute(lost.db)
  const album = rows[0]?.id ?? 0
  for (const [place, id] of [b, a].entries())
    await lost.db.insertInto('album_photos').values({ album_id: album, photo_id: id, place }).execute()
  await lost.db.transaction().execute((trx) => refreshSearchDocuments(trx, [a, b, c, d]))
  await writeAllRecords(lost)
  await ingest[Symbol.asyncDispose]()
  await appendFile(blob(lost, broken), 'x')
  for (const part of ['originals', 'records']) await cp(join(lost.dataDir, part), join(fresh.dataDir, part), { recursive: true })
})
afterAll(async () => {
  await app?.close()
  await rm(pictures, { recursive: true, force: true })
  await Promise.all([lost[Symbol.asyncDispose](), fresh[Symbol.asyncDispose]()])
})

describe('a data folder without its database', () => {
  it('keeps its uploads at the next start, however old they are', async () => {
    const realNow = Date.now
    Date.now = () => realNow() + 25 * 3_600_000
    const swept = Promise.withResolvers<unknown>()
    try {
      const log = { ...silentLog, info: swept.resolve, warn: swept.resolve }
      await using _ = await openTestIngest(fresh.db, fresh.dataDir, { log })
      expect(await swept.promise).toEqual({ kept: 3 })
    } finally {
      Date.now = realNow
    }
    for (const bytes of [first, second, broken])
      expect((await readFile(blob(fresh, bytes))).subarray(0, bytes.length).equals(bytes)).toBe(true)
    app = await openTestServer(fresh)
  })

  it('gives its photos back, with names, times, decisions, and albums; a broken original is told and left', async () => {
    const report = await rebuild({ folders: [pictures] })
    expect(report).toMatchObject({ uploads: 2, named: 2, records: 1, albums: 1 })
    expect(report.problems).toEqual([
      { file: `originals/${originalKey(sha256Of(broken))}`, reason: expect.stringContaining('not those that came in') },
    ])
    expect((await readFile(blob(fresh, broken))).length).toBe(broken.length + 1)

    const a = await nameOf(first)
    expect((await nameOf(second))?.collection).toBe('products')
    expect(a).toMatchObject({ collection: 'photos', filename: 'first light.jpg', created_at: new Date('2024-05-06T07:08:09.123Z') })
    const decisions = await fresh.db
      .selectFrom('decisions')
      .select(['field', 'key', 'value'])
      .where('photo_id', '=', a?.id ?? 0)
      .orderBy('field')
      .orderBy('key')
      .execute()
    expect(decisions).toEqual([
      { field: 'rating', key: '', value: 4 },
      { field: 'tag', key: 'sunrise', value: true },
      { field: 'tag', key: 'sunset', value: false },
      { field: 'title', key: '', value: null },
    ])
    const d = await nameOf(inFolder)
    expect(
      await fresh.db
        .selectFrom('decisions')
        .select(['field', 'value'])
        .where('photo_id', '=', d?.id ?? 0)
        .execute(),
    ).toEqual([{ field: 'favourite', value: true }])
    const members = await fresh.db
      .selectFrom('album_photos')
      .innerJoin('photos', 'photos.id', 'album_photos.photo_id')
      .select('photos.sha256')
      .orderBy('place')
      .execute()
    expect(members.map(({ sha256 }) => sha256)).toEqual([sha256Of(second), sha256Of(first)])
    for (const bytes of [first, second]) {
      const id = (await nameOf(bytes))?.id
      expect((await app.inject(`/api/photos/${id}/original`)).rawPayload.equals(bytes)).toBe(true)
    }
  })

  it('is not rebuilt twice: a library with photos refuses, and only adds what belongs to no photo when told to', async () => {
    const refused = await app.inject({ method: 'POST', url: '/api/rebuild', payload: {} })
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'conflict'])
    await writeFile(blob(fresh, broken), broken)
    // as of a library that wrote sidecars, and no records yet
    const sha256 = sha256Of(broken)
    await rm(recordPath(fresh.dataDir, sha256))
    await mkdir(join(fresh.dataDir, 'sidecars', sha256.slice(0, 2)), { recursive: true })
    await writeFile(join(fresh.dataDir, 'sidecars', sha256.slice(0, 2), `${sha256}.xmp`), XMP)
    expect(await rebuild({ add: true })).toMatchObject({ uploads: 1, named: 0, from_sidecars: 1, records: 0, albums: 0, problems: [] })
    const c = await nameOf(broken)
    expect(c?.filename).toBe(`${sha256.slice(0, 12)}.jpeg`)
    const decisions = await fresh.db
      .selectFrom('decisions')
      .select(['field', 'key', 'value'])
      .where('photo_id', '=', c?.id ?? 0)
      .orderBy('field')
      .execute()
    expect(decisions).toEqual([
      { field: 'rating', key: '', value: 3 },
      { field: 'tag', key: 'harbour', value: true },
    ])
  })

  it('is told of by the command in lines', async () => {
    const told = await runTestCli(app, fresh.dataDir, ['rebuild', '--add'])
    expect([told.code, told.out.trimEnd().split('\n')]).toEqual([
      0,
      ['The library was rebuilt.', expect.stringMatching(/^0 uploaded files are photos again, /), expect.stringMatching(/ 0 albums$/)],
    ])
  })
})

it('a record is written anew when a decision changes, not when only a machine has something to say', async () => {
  const a = await lost.db.selectFrom('photos').select('id').where('sha256', '=', sha256Of(first)).executeTakeFirstOrThrow()
  const path = recordPath(lost.dataDir, sha256Of(first))
  await rm(path)
  await lost.db.transaction().execute((trx) => refreshSearchDocuments(trx, [a.id]))
  await writeAllRecords(lost)
  await expect(readFile(path)).rejects.toThrow('ENOENT')
  await decide(lost, a.id, 'favourite', '', true)
  await lost.db.transaction().execute((trx) => refreshSearchDocuments(trx, [a.id]))
  await writeAllRecords(lost)
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
    filename: 'first light.jpg',
    decisions: expect.arrayContaining([expect.objectContaining({ field: 'favourite', value: true })]),
  })
})
