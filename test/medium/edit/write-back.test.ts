/** @file Write-back on real files: what is written reads back the same, foreign content stays, originals keep their bytes, nothing loops. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../../src/contract/edits.ts'
import { refreshSearchDocument } from '../../../src/document/store.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createWriteBack, type WriteBack } from '../../../src/edit/write-back.ts'
import { endExiftool, readTags, writeTags } from '../../../src/media/exiftool.ts'
import { readMetadata } from '../../../src/media/metadata.ts'
import { saveMetadata } from '../../../src/pipeline/steps/metadata/store.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { openTestIngest, type TestIngest } from '../../support/ingest.ts'

let database: TestDatabase
let app: FastifyInstance
let ingest: TestIngest
let folder: string
let id: number
let source: number
/** 90 × 60 upright, stored turned (orientation 6) */
const NAME = 'Strand.jpg'

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  await endExiftool()
  await database[Symbol.asyncDispose]()
})
beforeEach(async () => {
  const { db, dataDir } = database
  await truncateAll(db)
  await rm(join(dataDir, 'sidecars'), { recursive: true, force: true })
  folder = await mkdtemp(join(tmpdir(), 'fototeca-write-'))
  const path = join(folder, NAME)
  await writeFile(
    path,
    await sharp({ create: { width: 60, height: 90, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer(),
  )
  const tags = {
    'IFD0:Orientation#': 6,
    'XMP-dc:Subject': ['Sea', 'Dog'],
    'IPTC:Keywords': ['Sea', 'Dog'],
    'XMP-dc:Description': 'old words',
  }
  await writeTags(path, tags as never)
  const hourAgo = new Date(Date.now() - 3_600_000)
  await utimes(path, hourAgo, hourAgo)

  app = await openTestServer(database)
  ingest = await openTestIngest(db, dataDir)
  source = (await ingest.addFolder(folder)).id
  await ingest.scan(source, { force: false })
  id = ingest.fresh[0] ?? 0
  const found = await readMetadata(path, 'jpeg')
  await db.transaction().execute(async (trx) => {
    await saveMetadata(trx, id, { ...found, sortAtMs: 0, day: '2024-01-01', sidecars: [] } as never)
    await trx.updateTable('photos').set({ state: 'completed', width: 90, height: 60 }).where('id', '=', id).execute()
    const { id: person } = await trx.insertInto('people').values({ name: 'Ada' }).returning('id').executeTakeFirstOrThrow()
    const face = { x: 0.1, y: 0.2, width: 0.3, height: 0.4, landmarks: '[]', confidence: 1, quality: 1, vector: '[1,0]', model_id: 'test' }
    await trx
      .insertInto('faces')
      .values({ ...face, photo_id: id, person_id: person, named_by: 'person' })
      .execute()
    await refreshSearchDocument(trx, id)
  })
  return async () => {
    await app.close()
    await ingest[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
})

const edit = async (...operations: Operation[]) => {
  const answer = await app.inject({ method: 'POST', url: '/api/edits', payload: { photos: { ids: [id] }, operations } })
  expect(answer.statusCode).toBe(200)
}
const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
const openWriteBack = (mode: 'off' | 'data' | 'beside'): WriteBack =>
  createWriteBack({ db: database.db, dataDir: database.dataDir, mode, log: silentLog, locate: (photoId) => ingest.locate(photoId) })
async function writeAll(writeBack: WriteBack): Promise<number> {
  let steps = 0
  while (await writeBack.step()) steps += 1
  return steps
}
const DECISIONS: Operation[] = [
  { do: 'remove_tags', tags: ['dog'] },
  { do: 'add_tags', tags: ['beach'] },
  { do: 'set_rating', rating: 4 },
  { do: 'set_text', field: 'caption', text: 'Flut – “zu früh”' },
  { do: 'set_text', field: 'alt_text', text: 'A teal picture' },
  { do: 'set_text', field: 'title', text: 'Husum' },
]
const SAID = {
  title: 'Husum',
  description: 'Flut – “zu früh”',
  altText: 'A teal picture',
  rating: 4,
  faceRegions: [
    { name: 'Ada', box: expect.objectContaining({ x: expect.closeTo(0.1, 4), y: expect.closeTo(0.2, 4), width: expect.closeTo(0.3, 4) }) },
  ],
}

describe('the copy on download', () => {
  it('carries what is decided, in every place the file had it, and reads back the same; the original keeps its bytes', async () => {
    const before = await hashOf(join(folder, NAME))
    await edit(...DECISIONS)
    const copy = await app.inject(`/api/photos/${id}/original?with=metadata`)
    expect(copy.headers).toMatchObject({ 'content-type': 'image/jpeg', 'content-disposition': expect.stringContaining(NAME) })
    const path = join(folder, '..', `fototeca-copy-${process.pid}.jpg`)
    await writeFile(path, copy.rawPayload)
    const read = await readMetadata(path, 'jpeg')
    const iptc = (await readTags(path, ['-G1', '-IPTC:Keywords']))['IPTC:Keywords']
    await rm(path)
    expect(read).toMatchObject({ ...SAID, orientation: 6 })
    expect(read.keywords).toEqual(['Sea', 'beach', 'landscape/beach'])
    expect(iptc).toEqual(['Sea', 'beach'])
    expect(await hashOf(join(folder, NAME))).toBe(before)
    expect((await app.inject(`/api/photos/${id}/original`)).rawPayload).toEqual(await readFile(join(folder, NAME)))
    await expect.poll(() => readdir(join(database.dataDir, 'tmp'))).toEqual([])
  })

  it('says which kind of file cannot carry it', async () => {
    // of the same length: another one is not given out before it is scanned
    const { size } = await stat(join(folder, NAME))
    await writeFile(join(folder, NAME), 'no picture any more'.padEnd(size))
    const answer = await app.inject(`/api/photos/${id}/original?with=metadata`)
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'unsupported_format'])
    expect((await app.inject('/api/photos/4711/original?with=metadata')).statusCode).toBe(404)
  })
})

describe('sidecars', () => {
  it('are not written unless asked for', async () => {
    await edit(...DECISIONS)
    expect(await writeAll(openWriteBack('off'))).toBe(0)
    expect(await readdir(folder)).toEqual([NAME])
  })

  it('lie beside the file, keep what others wrote, take back what is said no more, and do not loop', async () => {
    const path = join(folder, `${NAME}.xmp`)
    const area = { X: 0.5, Y: 0.5, W: 0.1, H: 0.1, Unit: 'normalized' }
    await writeTags(path, {
      'XMP-dc:Subject': ['Foreign', 'dog'],
      'XMP-photoshop:City': 'Kiel',
      'XMP-mwg-rs:RegionInfo': {
        AppliedToDimensions: { W: 60, H: 90, Unit: 'pixel' },
        RegionList: [{ Name: 'Boat', Type: 'Focus', Area: area }],
      },
    } as never)
    const before = await hashOf(join(folder, NAME))
    await edit(...DECISIONS)
    const writeBack = openWriteBack('beside')
    await writeAll(writeBack)
    expect((await readdir(folder)).sort()).toEqual([NAME, `${NAME}.xmp`])
    const read = await readMetadata(path, 'jpeg')
    expect({ ...read, faceRegions: [] }).toMatchObject({ ...SAID, faceRegions: [] })
    expect(read.keywords).toEqual(['Foreign', 'beach', 'sea', 'landscape/beach'])
    const tags = await readTags(path, ['-G1', '-struct', '-all'])
    expect(tags).toMatchObject({
      'XMP-photoshop:City': 'Kiel',
      'XMP-mwg-rs:RegionInfo': {
        RegionList: [
          { Name: 'Boat', Type: 'Focus' },
          { Name: 'Ada', Type: 'Face' },
        ],
      },
    })

    const written = await stat(path)
    await edit({ do: 'set_favourite', favourite: true }) // nothing of it is written
    await writeAll(writeBack)
    const report = await ingest.scan(source, { force: false })
    expect(report).toMatchObject({ unchanged: 1, added: 0, changed: 0 })
    expect(await writeAll(writeBack)).toBe(0)
    expect((await stat(path)).mtimeMs).toBe(written.mtimeMs)

    await edit({ do: 'remove_tags', tags: ['beach'] }, { do: 'set_rating', rating: null }, { do: 'reset', fields: ['caption'] })
    await writeAll(writeBack)
    expect(await readMetadata(path, 'jpeg')).toMatchObject({ keywords: ['Foreign', 'sea'], rating: null, description: 'old words' })
    expect(await hashOf(join(folder, NAME))).toBe(before)
  })

  it('lie in the data folder when asked so; a folder that cannot be written to costs nothing but a note', async () => {
    await edit(...DECISIONS)
    await writeAll(openWriteBack('data'))
    const row = await database.db.selectFrom('sidecars').select(['path', 'problem']).executeTakeFirstOrThrow()
    expect(row.problem).toBeNull()
    expect(row.path).toContain(join(database.dataDir, 'sidecars'))
    expect(await readMetadata(row.path ?? '', 'jpeg')).toMatchObject({ ...SAID, faceRegions: expect.anything() })
    expect(await readdir(folder)).toEqual([NAME])

    // a folder lies where the next sidecar should: it cannot be written, and that is told
    await edit({ do: 'set_rating', rating: 1 })
    await mkdir(join(folder, `${NAME}.xmp`))
    await writeAll(openWriteBack('beside'))
    expect((await database.db.selectFrom('sidecars').select('problem').executeTakeFirstOrThrow()).problem).toMatch(/directory|EISDIR/i)
  })
})
