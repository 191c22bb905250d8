/** @file The read models over a real database: every fact of a photo, in a fixed number of reads however much there is. */

import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Health, SourceReport, Stats } from '../../../src/contract/library.ts'
import { PhotoCard, PhotoDetail } from '../../../src/contract/photo.ts'
import { STEP_NAMES } from '../../../src/contract/words.ts'
import type { Db } from '../../../src/db/client.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { readMade } from '../../../src/generate/store-made.ts'
import { createLibrary } from '../../../src/library/library.ts'
import { readPhotosA } from '../../../src/library/store-described.ts'
import { getPhotoDetail } from '../../../src/library/store-detail.ts'
import { listPhotos, readPhotoCards } from '../../../src/library/store-photos.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { addVectors, unit } from '../../support/search.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await openTestDatabase()
  db = database.db
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(() => truncateAll(db))

/** a photo with `many` of everything that can be many */
async function addFullPhoto(many: number): Promise<number> {
  const numbers = Array.from({ length: many }, (_, index) => index)
  const id = await addPhoto(db, {
    filename: 'full.jpg',
    day: '2023-02-01',
    tags: ['dog', ...numbers.map((index) => `tag-${index}`)],
    text: 'WOOF',
    people: numbers.map((index) => `Person ${index}`),
    metadata: { camera_model: 'X100', iso: 200, aperture: 2.8, latitude: 48.1, longitude: 11.5, keywords: ['a', 'b'], title: 'Title' },
    hash: new Uint8Array(32).fill(170),
    quality: 90,
  })
  await db
    .updateTable('photos')
    .set({
      taken_at: '2023-02-01T10:00:00Z',
      taken_local: '2023-02-01 11:00:00',
      taken_zone: '+01:00',
      thumbhash: new Uint8Array([1, 2, 3]),
      processed_at: new Date(),
    })
    .where('id', '=', id)
    .execute()
  const point = { x: 0.5, y: 0.25 }
  const line = {
    text: 'WOOF',
    confidence: 0.9,
    polygon: [point, point, point, point],
    words: [{ text: 'WOOF', polygon: [point, point, point, point] }],
  }
  await db
    .updateTable('ocr_texts')
    .set({ lines: JSON.stringify([line]), script: 'latin', rotation: 90 })
    .where('photo_id', '=', id)
    .execute()
  await db
    .updateTable('faces')
    .set({ landmarks: JSON.stringify([point]) })
    .where('photo_id', '=', id)
    .execute()
  for (const index of numbers) {
    const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 }
    await db
      .insertInto('detected_objects')
      .values({ photo_id: id, label: 'dog', confidence: 0.5 + index / 100, ...box, model_id: 'm@1' })
      .execute()
    await db.insertInto('photo_colours').values({ photo_id: id, position: index, name: 'red', hex: '#ff0000', share: 0.5 }).execute()
    await db
      .insertInto('photo_files')
      .values({
        photo_id: id,
        source_id: 1,
        path: `p/${index}`,
        filename: 'full.jpg',
        bytes: 1,
        modified_ms: 0,
        missing_since: index === 0 ? null : new Date(),
      })
      .execute()
    const other = await addPhoto(db)
    const [photo_id_1, photo_id_2] = index % 2 === 0 ? [Math.min(id, other), Math.max(id, other)] : [id, other]
    await db
      .insertInto('duplicates')
      .values({ photo_id_1, photo_id_2, kind: 'edited', hamming_distance: 10 + index })
      .execute()
  }
  for (const step of [...STEP_NAMES].reverse())
    await db
      .insertInto('photo_steps')
      .values({ photo_id: id, step, version: 1, lane: 'analyse', state: 'done', duration_ms: 1.5, finished_at: new Date(), attempts: 1 })
      .execute()
  return id
}

/** how many statements `run` sends */
async function countReads(run: (db: Db) => Promise<unknown>): Promise<number> {
  let count = 0
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      count += 1
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  await run(db.withPlugin(plugin))
  return count
}

describe('getPhotoDetail', () => {
  it('tells every fact as the contract says', async () => {
    const id = await addFullPhoto(2)
    const photo = await getPhotoDetail(db, EVERY_PHOTO, id)
    const whole = { ...photo, ...(await readMade(db, EVERY_PHOTO, id)) }
    expect(PhotoDetail.parse(whole)).toEqual(whole)
    expect(photo).toMatchObject({
      id,
      filename: 'full.jpg',
      day: '2023-02-01',
      thumbhash: 'AQID',
      taken_at: '2023-02-01T10:00:00.000Z',
      taken_local: expect.stringMatching(/^2023-02-01.11:00:00/),
      taken_zone: '+01:00',
      files: [
        { source: 'upload', path: 'p/0', missing_since: null },
        { source: 'upload', path: 'p/1', missing_since: expect.any(String) },
      ],
      metadata: { camera_model: 'X100', iso: 200, keywords: ['a', 'b'], title: 'Title', country: null },
      text: { text: 'WOOF', rotation: 90, lines: [{ text: 'WOOF', polygon: expect.arrayContaining([{ x: 0.5, y: 0.25 }]) }] },
      hash: { pdq: 'aa'.repeat(32), quality: 90 },
      steps: STEP_NAMES.map((step) => ({ step, state: 'done' })),
    })
    expect(photo!.tags.find((tag) => tag.tag === 'dog')?.categories).toEqual(['animals'])
    expect(photo!.objects[0]).toMatchObject({ label: 'dog', said_by: 'm@1' })
    expect(photo!.objects[0]!.box.width).toBeCloseTo(0.3)
    expect(photo!.faces.map((face) => face.person?.name).sort()).toEqual(['Person 0', 'Person 1'])
    expect(photo!.duplicates.map((duplicate) => duplicate.hamming_distance)).toEqual([10, 11])
    expect(photo!.duplicates.every((duplicate) => duplicate.photo.id !== id)).toBe(true)
  })

  it('names who said what: model, version, prompt version, when', async () => {
    const id = await addPhoto(db)
    const finished_at = new Date('2026-01-02T03:04:05Z')
    const done = { photo_id: id, version: 1, lane: 'analyse', state: 'done', finished_at } as const
    await db
      .insertInto('photo_steps')
      .values({ ...done, step: 'objects', model_id: 'builtin/centernet@1' })
      .onConflict((conflict) => conflict.columns(['photo_id', 'step']).doUpdateSet({ model_id: 'builtin/centernet@1', finished_at }))
      .execute()
    await db
      .insertInto('descriptions')
      .values({
        photo_id: id,
        said_by: 'openai/gpt-4o-mini@gpt',
        models: ['gpt-4o-mini-2024-07-18'],
        prompt_version: 'c-3',
        detected_objects: '[]',
        created_at: finished_at,
      })
      .execute()
    const { sayers } = (await getPhotoDetail(db, EVERY_PHOTO, id))!
    const said_at = finished_at.toISOString()
    expect(sayers).toEqual(
      expect.arrayContaining([
        { said_by: 'builtin/centernet@1', name: 'centernet', version: '1', prompt_version: null, said_at },
        { said_by: 'openai/gpt-4o-mini@gpt', name: 'gpt-4o-mini', version: 'gpt-4o-mini-2024-07-18', prompt_version: 'c-3', said_at },
      ]),
    )
  })

  it('is undefined for a photo that is not there', async () => {
    expect(await getPhotoDetail(db, EVERY_PHOTO, 4711)).toBeUndefined()
  })

  it('reads as often for much as for little', async () => {
    const little = await addFullPhoto(1)
    const reads = await countReads((counted) => getPhotoDetail(counted, EVERY_PHOTO, little))
    await truncateAll(db)
    const much = await addFullPhoto(8)
    expect(await countReads((counted) => getPhotoDetail(counted, EVERY_PHOTO, much))).toBe(reads)
  })
})

describe('lists', () => {
  it('read as often for many photos as for few', async () => {
    const ids: number[] = []
    for (let made = 0; made < 6; made++) ids.push(await addPhoto(db, { tags: ['dog'], metadata: { title: 'T' } }))
    await addVectors(
      db,
      'onnx/m@1/2',
      ids.map((id) => [id, unit(1, 1)] as const),
    )
    for (const read of [
      (counted: Db, few: number) => listPhotos(counted, EVERY_PHOTO, { skip: 0, limit: few }),
      (counted: Db, few: number) => readPhotoCards(counted, EVERY_PHOTO, ids.slice(0, few)),
      (counted: Db, few: number) => readPhotosA(counted, EVERY_PHOTO, ids.slice(0, few), null),
    ])
      expect(await countReads((counted) => read(counted, 6))).toBe(await countReads((counted) => read(counted, 1)))
  })

  it('keep the order asked for, and leave out what is gone', async () => {
    const a = await addPhoto(db)
    const b = await addPhoto(db)
    const cards = await readPhotoCards(db, EVERY_PHOTO, [b, 4711, a])
    expect(cards.map((card) => card.id)).toEqual([b, a])
    expect(PhotoCard.array().parse(cards)).toEqual(cards)
    expect(await readPhotoCards(db, EVERY_PHOTO, [])).toEqual([])
    expect((await readPhotosA(db, EVERY_PHOTO, [b, 4711, a], null)).map((photo) => photo.id)).toEqual([b, a])
  })
})

describe('counts', () => {
  it('are as the contract says', async () => {
    const first = await addPhoto(db, { tags: ['dog', 'cat'] })
    await db
      .insertInto('photo_steps')
      .values({ photo_id: first, step: 'ocr', version: 1, lane: 'analyse', state: 'done', duration_ms: 10 })
      .execute()
    const library = createLibrary(database, { readMade })
    const stats = await library.stats(EVERY_PHOTO)
    expect(Stats.parse(stats)).toEqual(stats)
    expect(stats.steps.ocr).toMatchObject({ done: 1, mean_ms: 10, success_rate: 1 })
    expect((await library.categories(EVERY_PHOTO)).find((category) => category.name === 'animals')).toMatchObject({
      name: 'animals',
      count: 1,
    })
    expect(Health.shape.index.parse(await library.indexCounts(EVERY_PHOTO))).toMatchObject({ photos: 1 })
  })

  it('tell sources with what they hold and miss', async () => {
    await addFullPhoto(2)
    const sources = await createLibrary(database, { readMade }).sources(EVERY_PHOTO)
    expect(SourceReport.array().parse(sources)).toEqual(sources)
    expect(sources).toMatchObject([{ id: 1, kind: 'upload', path: null, photos: 1, missing: 1, scanned_at: null, notice: null }])
  })
})
