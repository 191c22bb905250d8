/** @file Damage to originals and renditions is found, told, and not sent; it goes when the bytes are right again. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FileProblem, VerifyReport } from '../../../src/contract/verify.ts'
import { originalKey } from '../../../src/storage/keys.ts'
import { renditionPath } from '../../support/blobs.ts'
import { runTestCli } from '../../support/cli.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { pictureBytes, putFile } from '../../support/ingest.ts'

let database: TestDatabase
let app: FastifyInstance
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  await rm(join(database.dataDir, 'originals'), { recursive: true, force: true })
  app = await openTestServer(database)
  return () => app.close()
})

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function uploadBytes(bytes: Buffer, name = 'a.jpg'): Promise<number> {
  const boundary = 'b'
  const payload = Buffer.concat([
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n`),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const answer = await app.inject({
    method: 'POST',
    url: '/api/photos',
    payload,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
  return answer.json().photos[0].id
}

const blobPath = (bytes: Buffer) => join(database.dataDir, 'originals', originalKey(sha256Of(bytes)))

async function flipByte(path: string): Promise<void> {
  const { mtime } = await stat(path)
  const bytes = await readFile(path)
  const at = bytes.length - 2
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await writeFile(path, bytes)
  await utimes(path, mtime, mtime) // a failing disk touches no date
}

const get = async <T>(url: string): Promise<T> => (await app.inject(url)).json()
const post = (url: string, payload: object = {}) => app.inject({ method: 'POST', url, payload })
const listProblems = async () => (await get<{ problems: FileProblem[] }>('/api/verify/problems')).problems

async function runPass(): Promise<NonNullable<VerifyReport['last']>> {
  await post('/api/verify')
  await expect.poll(async () => (await get<VerifyReport>('/api/verify')).state, { timeout: 20_000, interval: 20 }).toBe('idle')
  const { last } = await get<VerifyReport>('/api/verify')
  if (!last) throw new Error('no pass ended')
  return last
}

/** Renditions as `prepare` leaves them. @param isNoted false: as an earlier version left them */
async function addRenditions(id: number, sha256: string, isNoted = true): Promise<string> {
  const dir = dirname(renditionPath(database.dataDir, sha256, 'preview'))
  await mkdir(dir, { recursive: true })
  for (const [kind, path, side] of [
    ['thumbnail', join(dir, 'thumbnail.webp'), 40],
    ['preview', join(dir, 'preview.webp'), 80],
  ] as const) {
    const bytes = await sharp({ create: { width: side * 2, height: side, channels: 3, background: '#37a' } })
      .webp()
      .toBuffer()
    await writeFile(path, bytes)
    if (isNoted)
      await database.db
        .insertInto('photo_renditions')
        .values({ photo_id: id, kind, bytes: bytes.length, sha256: sha256Of(bytes) })
        .execute()
  }
  await database.db.updateTable('photos').set({ width: 800, height: 400, state: 'completed' }).where('id', '=', id).execute()
  await database.db.updateTable('photo_steps').set({ state: 'done' }).where('photo_id', '=', id).execute()
  return dir
}

const prepareState = async (id: number) =>
  (await database.db.selectFrom('photo_steps').select('state').where('photo_id', '=', id).where('step', '=', 'prepare').executeTakeFirst())
    ?.state

describe('an upload', () => {
  it('that is as it came is no problem', async () => {
    await uploadBytes(pictureBytes('whole'))
    expect(await runPass()).toMatchObject({ photos: 1, files: 1, found: 0 })
    expect(await listProblems()).toEqual([])
  })

  it('with one bit flipped is found, told, and not sent; the same bytes uploaded again put it right', async () => {
    const bytes = pictureBytes('one bit')
    const id = await uploadBytes(bytes)
    const other = await uploadBytes(pictureBytes('another'), 'b.jpg')
    await flipByte(blobPath(bytes))
    expect(await runPass()).toMatchObject({ photos: 2, found: 1 })

    const damaged = await readFile(blobPath(bytes))
    expect(await listProblems()).toMatchObject([
      { photo: { id }, kind: 'damaged', source: 'upload', expected_sha256: sha256Of(bytes), found_sha256: sha256Of(damaged) },
    ])
    const original = await app.inject(`/api/photos/${id}/original`)
    expect([original.statusCode, original.json().code]).toEqual([409, 'damaged_file'])
    expect((await app.inject(`/api/photos/${id}/original?with=metadata`)).json().code).toBe('damaged_file')
    const zip = await post('/api/downloads', { ids: [id, other] })
    expect(zip.json()).toMatchObject({ photos: 1, missing: 1 })
    expect((await get<{ files: unknown[] }>(`/api/photos/${id}`)).files).toMatchObject([{ problem: expect.stringContaining('damaged') }])
    expect((await post('/api/verify/check')).json()).toEqual({ photos: 1, right: 0, problems: 1 })

    expect(await uploadBytes(bytes)).toBe(id)
    expect(await listProblems()).toEqual([])
    expect((await app.inject(`/api/photos/${id}/original`)).rawPayload.equals(bytes)).toBe(true)
  })

  it('that was cut off or emptied is not sent, before any check; that shows in the list of problems', async () => {
    for (const length of [10, 0]) {
      const bytes = pictureBytes(`cut to ${length}`)
      const id = await uploadBytes(bytes)
      await truncate(blobPath(bytes), length)
      expect((await post('/api/downloads', { ids: [id] })).statusCode).toBe(404)
      const original = await app.inject(`/api/photos/${id}/original`)
      expect([original.statusCode, original.json().code]).toEqual([409, 'damaged_file'])
      expect((await listProblems())[0]).toMatchObject({ photo: { id }, kind: 'damaged', found_sha256: null })
    }
  })

  it('that is gone is found; back in its place, the next check forgets the problem', async () => {
    const bytes = pictureBytes('gone')
    const id = await uploadBytes(bytes)
    await rename(blobPath(bytes), join(database.dataDir, 'aside'))
    expect(await runPass()).toMatchObject({ found: 1 })
    expect(await listProblems()).toMatchObject([{ kind: 'missing' }])
    expect((await app.inject(`/api/photos/${id}/original`)).statusCode).toBe(404)
    expect((await runTestCli(app, database.dataDir, ['verify', '--problems'])).code).toBe(1)
    await rename(join(database.dataDir, 'aside'), blobPath(bytes))
    expect((await runTestCli(app, database.dataDir, ['verify', '--again'])).code).toBe(0)
    expect(await listProblems()).toEqual([])
  })
})

describe('a file in a folder', () => {
  const root = () => `${database.dataDir}-pictures`
  const original = pictureBytes('in a folder')
  let id: number
  beforeEach(async () => {
    await putFile(root(), 'a.jpg', original)
    const source = (await post('/api/sources', { path: root() })).json()
    // a new folder is scanned without being asked, and that scan may stand behind the first one asked for:
    // the second ends after both, so none reads what a test does to the file
    for (let asked = 0; asked < 2; asked++) await post(`/api/sources/${source.id}/scan`)
    id = (await get<{ photos: { id: number }[] }>('/api/photos')).photos[0]?.id ?? 0
    return () => rm(root(), { recursive: true, force: true })
  })

  it('with other bytes under the same date and size is damaged, and right again when they are back', async () => {
    await flipByte(join(root(), 'a.jpg'))
    expect(await runPass()).toMatchObject({ found: 1, changed: 0 })
    expect((await app.inject(`/api/photos/${id}/original`)).statusCode).toBe(409)
    await flipByte(join(root(), 'a.jpg'))
    expect((await post('/api/verify/check', { ids: [id] })).json()).toEqual({ photos: 1, right: 1, problems: 0 })
    expect((await app.inject(`/api/photos/${id}/original`)).rawPayload.equals(original)).toBe(true)
  })

  it('that its owner wrote anew is no damage: it waits for the scan', async () => {
    await putFile(root(), 'a.jpg', pictureBytes('edited by its owner'), 60_000)
    const answer = await app.inject(`/api/photos/${id}/original`)
    expect([answer.statusCode, answer.json().detail]).toEqual([409, expect.stringContaining('was changed in its folder')])
    expect(await runPass()).toMatchObject({ found: 0, changed: 1 })
    expect(await listProblems()).toEqual([])
  })

  it('of a folder that is away is not said to be missing', async () => {
    await rename(root(), `${root()}-away`)
    expect(await runPass()).toMatchObject({ found: 0, skipped: 1 })
    await rename(`${root()}-away`, root())
  })
})

describe('renditions', () => {
  let id: number
  let dir: string
  const bytes = pictureBytes('shown')
  const prepare = async (isNoted?: boolean) => {
    id = await uploadBytes(bytes)
    dir = await addRenditions(id, sha256Of(bytes), isNoted)
  }
  beforeEach(() => prepare())

  it('that are whole are sent, and not made anew by that', async () => {
    // what follows an answer has had its turn before the last of several
    for (let round = 0; round < 3; round++)
      for (const kind of ['thumbnail', 'preview']) expect((await app.inject(`/api/photos/${id}/${kind}`)).statusCode).toBe(200)
    expect(await prepareState(id)).toBe('done')
  })

  it('that were flipped are taken away and made anew, without a word to anybody', async () => {
    await flipByte(join(dir, 'preview.webp'))
    expect(await runPass()).toMatchObject({ found: 0, renewed: 1, renditions: 2 })
    expect((await app.inject(`/api/photos/${id}/preview`)).statusCode).toBe(503)
    expect((await app.inject(`/api/photos/${id}/thumbnail`)).statusCode).toBe(200)
    expect(await prepareState(id)).toBe('due')
    expect(await listProblems()).toEqual([])
  })

  it('that were cut off or deleted are not sent, and made anew when they are asked for', async () => {
    expect((await app.inject(`/api/photos/${id}/thumbnail`)).statusCode).toBe(200)
    await truncate(join(dir, 'thumbnail.webp'), 30)
    const answer = await app.inject(`/api/photos/${id}/thumbnail`)
    expect([answer.statusCode, answer.headers['retry-after'] !== undefined]).toEqual([503, true])
    expect(await prepareState(id)).toBe('due')
    await rm(join(dir, 'preview.webp'))
    expect((await app.inject(`/api/photos/${id}/preview`)).statusCode).toBe(503)
  })

  it('made anew meanwhile, with another size, are sent', async () => {
    expect((await app.inject(`/api/photos/${id}/thumbnail`)).statusCode).toBe(200)
    const longer = Buffer.alloc(500, 1)
    await writeFile(join(dir, 'thumbnail.webp'), longer)
    await database.db
      .updateTable('photo_renditions')
      .set({ bytes: 500, sha256: sha256Of(longer) })
      .where('kind', '=', 'thumbnail')
      .execute()
    expect((await app.inject(`/api/photos/${id}/thumbnail`)).rawPayload.equals(longer)).toBe(true)
  })

  it('of a damaged original stay away', async () => {
    await flipByte(blobPath(bytes))
    await flipByte(join(dir, 'thumbnail.webp'))
    expect(await runPass()).toMatchObject({ found: 1, renewed: 0 })
    expect((await app.inject(`/api/photos/${id}/thumbnail`)).json().code).toBe('damaged_file')
    expect(await prepareState(id)).toBe('done')
  })

  it('of an earlier version get their hash where they are whole, and are made anew where not', async () => {
    await database.db.deleteFrom('photo_renditions').execute()
    await truncate(join(dir, 'thumbnail.webp'), (await stat(join(dir, 'thumbnail.webp'))).size - 8)
    expect(await runPass()).toMatchObject({ renewed: 1 })
    const noted = await database.db.selectFrom('photo_renditions').select(['kind', 'sha256']).execute()
    expect(noted).toEqual([{ kind: 'preview', sha256: sha256Of(await readFile(join(dir, 'preview.webp'))) }])
  })
})

it('a pass that was paused goes on where it was', async () => {
  for (let seed = 0; seed < 3; seed++)
    await uploadBytes(Buffer.concat([pictureBytes(`p${seed}`), Buffer.alloc(90_000, seed)]), `${seed}.jpg`)
  await post('/api/verify', { mb_per_second: 0.05 })
  await expect.poll(async () => (await get<VerifyReport>('/api/verify')).pass?.photos, { timeout: 20_000, interval: 20 }).toBeGreaterThan(0)
  // asked for twice, it is still one pass, and a pause ends it
  await post('/api/verify', { mb_per_second: 0.05 })
  const paused = (await post('/api/verify/pause')).json<VerifyReport>()
  expect(paused).toMatchObject({ state: 'paused', last: null })
  expect((paused.pass?.photos ?? 0) + (paused.pass?.left ?? 0)).toBe(3)
  expect(await runPass()).toMatchObject({ photos: 3, files: 3 })
})

it('the command follows a pass to its end, and ends with 1 while an original is wrong', async () => {
  const bytes = pictureBytes('for the command')
  await uploadBytes(bytes)
  const well = await runTestCli(app, database.dataDir, ['verify', '--json'])
  expect([well.code, JSON.parse(well.out)]).toEqual([0, expect.objectContaining({ state: 'idle', problems: 0 })])
  await flipByte(blobPath(bytes))
  const ill = await runTestCli(app, database.dataDir, ['verify'])
  expect(ill.code).toBe(1)
  expect(ill.out).toContain('1 original is wrong now')
  const doctor = await runTestCli(app, database.dataDir, ['doctor', '--json'])
  expect(JSON.parse(doctor.out).checks).toContainEqual(expect.objectContaining({ name: 'originals', state: 'fail' }))
})
