/** @file What the steps `objects` and `faces` store, on a real database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FoundFace, FoundObject } from '../../../src/models/ports/capability.ts'
import { replaceFaces } from '../../../src/pipeline/steps/faces/store.ts'
import type { FoundMetadata } from '../../../src/pipeline/steps/metadata/found-metadata.ts'
import { saveMetadata } from '../../../src/pipeline/steps/metadata/store.ts'
import { replaceObjects } from '../../../src/pipeline/steps/objects/store.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())

let photoId: number
beforeEach(async () => {
  await truncateAll(open.db)
  const { id } = await open.db
    .insertInto('photos')
    .values({ sha256: 'a'.repeat(64), bytes: 1, filename: 'a.jpg', sort_at: new Date(), day: '2026-01-01' })
    .returning('id')
    .executeTakeFirstOrThrow()
  photoId = id
})

const box = (x: number) => ({ x, y: 0.1, width: 0.2, height: 0.2 })
const object = (label: string, confidence: number, x = 0.1): FoundObject => ({ label, confidence, box: box(x) })
const face = (x: number): FoundFace => ({
  box: box(x),
  confidence: 0.9,
  quality: 0.8,
  landmarks: [{ x: 0.2, y: 0.2 }],
  vector: new Float32Array(128).fill(0.25),
})
const save = (found: FoundFace[], modelId = 'builtin/face-api@1') =>
  open.db.transaction().execute((trx) => replaceFaces(trx, photoId, found, modelId))
const saveObjects = (found: FoundObject[], modelId = 'builtin/centernet@1') =>
  open.db.transaction().execute((trx) => replaceObjects(trx, photoId, found, modelId))
const tags = async () =>
  (await open.db.selectFrom('photo_tags').select(['tag', 'said_by']).where('photo_id', '=', photoId).orderBy('tag').execute()).map(
    (row) => `${row.tag} by ${row.said_by}`,
  )

async function nameRegion(name: string, x: number) {
  await open.db
    .insertInto('photo_metadata')
    .values({ photo_id: photoId, face_regions: JSON.stringify([{ name, box: box(x) }]), raw: JSON.stringify({}) })
    .execute()
}
const NOTHING = {
  taken: null,
  cameraMake: null,
  cameraModel: null,
  lens: null,
  iso: null,
  aperture: null,
  exposureS: null,
  focalMm: null,
  position: null,
  altitudeM: null,
  country: null,
  city: null,
  citySource: null,
  orientation: null,
  colourProfile: null,
  software: null,
  title: null,
  description: null,
  altText: null,
  rating: null,
  keywords: [],
  faceRegions: [],
  raw: {},
  sortAtMs: 0,
  day: '2026-01-01',
}
/** What the file says, with a sidecar that names these regions. */
const metadataWith = (regions: readonly { name: string; x: number }[]): FoundMetadata => ({
  ...NOTHING,
  sidecars: [{ path: '/a.xmp', says: { ...NOTHING, faceRegions: regions.map(({ name, x }) => ({ name, box: box(x) })) }, problem: null }],
})
const people = () =>
  open.db
    .selectFrom('faces')
    .leftJoin('people', 'people.id', 'faces.person_id')
    .select(['faces.x', 'people.name', 'faces.named_by'])
    .where('photo_id', '=', photoId)
    .orderBy('faces.x')
    .execute()

describe('objects', () => {
  it('stores every box and one tag per label, as sure as its best box', async () => {
    await saveObjects([object('dog', 0.4), object('dog', 0.75, 0.6), object('frisbee', 0.5)])
    expect(await open.db.selectFrom('detected_objects').select('label').execute()).toHaveLength(3)
    const dog = await open.db.selectFrom('photo_tags').select('confidence').where('tag', '=', 'dog').executeTakeFirstOrThrow()
    expect(dog.confidence).toBe(0.75)
  })

  it('replaces what an earlier run and an earlier model said, and leaves the tags of others', async () => {
    await open.db.insertInto('photo_tags').values({ photo_id: photoId, tag: 'holiday', said_by: 'file', confidence: 1 }).execute()
    await saveObjects([object('dog', 0.4)], 'builtin/centernet@0')
    await saveObjects([object('cat', 0.4)])
    expect(await tags()).toEqual(['cat by builtin/centernet@1', 'holiday by file'])
    await saveObjects([])
    expect(await tags()).toEqual(['holiday by file'])
    expect(await open.db.selectFrom('detected_objects').selectAll().execute()).toEqual([])
  })
})

it('faces get another name when their region in a sidecar does, and keep what a person said', async () => {
  const rename = (...regions: { name: string; x: number }[]) =>
    open.db.transaction().execute((trx) => saveMetadata(trx, photoId, metadataWith(regions)))
  const names = async () => (await people()).map((row) => [row.name, row.named_by])
  await rename()
  await save([face(0.1), face(0.6)])
  expect(await names()).toEqual([
    [null, null],
    [null, null],
  ])
  // the sidecar comes after the analysis
  await rename({ name: 'Ada', x: 0.1 })
  expect(await names()).toEqual([
    ['Ada', 'file'],
    [null, null],
  ])
  // it says another name, and one more
  await rename({ name: 'Grace', x: 0.1 }, { name: 'Ada', x: 0.62 })
  expect(await names()).toEqual([
    ['Grace', 'file'],
    ['Ada', 'file'],
  ])
  await save([face(0.1), face(0.6)])
  expect(await names()).toEqual([
    ['Grace', 'file'],
    ['Ada', 'file'],
  ])
  // a person's word stands, whatever the file says next, and when the file says nothing any more
  const ada = await open.db.selectFrom('people').select('id').where('name', '=', 'Ada').executeTakeFirstOrThrow()
  await open.db.updateTable('faces').set({ person_id: ada.id, named_by: 'person' }).where('x', '<', 0.3).execute()
  await rename({ name: 'Joan', x: 0.1 }, { name: 'Grace', x: 0.62 })
  expect(await names()).toEqual([
    ['Ada', 'person'],
    ['Grace', 'file'],
  ])
  await rename()
  expect(await names()).toEqual([
    ['Ada', 'person'],
    [null, null],
  ])
})

describe('faces', () => {
  it('stores box, landmarks and vector', async () => {
    await save([face(0.1)])
    const row = await open.db.selectFrom('faces').selectAll().executeTakeFirstOrThrow()
    expect(row.landmarks).toEqual([{ x: 0.2, y: 0.2 }])
    expect(JSON.parse(row.vector)).toEqual(Array(128).fill(0.25))
    expect(row.person_id).toBeNull()
  })

  it('gives the face in a named region of the file that name, and no other', async () => {
    await nameRegion('Ada', 0.62)
    await save([face(0.1), face(0.6)])
    expect((await people()).map((row) => [row.name, row.named_by])).toEqual([
      [null, null],
      ['Ada', 'file'],
    ])
  })

  it('keeps the person of a face found again nearby, and forgets one found elsewhere', async () => {
    await save([face(0.1), face(0.6)])
    const { id } = await open.db.insertInto('people').values({ name: 'Grace' }).returning('id').executeTakeFirstOrThrow()
    await open.db.updateTable('faces').set({ person_id: id }).where('x', '<', 0.3).execute()
    await save([face(0.12), face(0.6)])
    expect((await people()).map((row) => row.name)).toEqual(['Grace', null])
    await save([face(0.6)])
    expect((await people()).map((row) => row.name)).toEqual([null])
  })

  it('does not double people or faces when run again', async () => {
    await nameRegion('Ada', 0.1)
    await save([face(0.1)])
    await save([face(0.1)])
    expect(await people()).toHaveLength(1)
    expect(await open.db.selectFrom('people').selectAll().execute()).toHaveLength(1)
    expect(await tags()).toEqual(['face by builtin/face-api@1'])
  })
})
