/** @file Sets of duplicates over the API: found by hashes, time and look, kept with their ids, found anew where limits change. */
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DuplicatesOverview } from '../../../src/contract/duplicates.ts'
import { ensureSpace, saveEmbedding } from '../../../src/db/vector.ts'
import { drawOutline } from '../../../src/domain/likeness/find-part.ts'
import { LOOK_MODEL, LOOK_SIDE, LOOK_SPACE, LOOK_WIDTH } from '../../../src/domain/likeness/look.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createComparing } from '../../../src/group/duplicates/comparing.ts'
import { NearFinder } from '../../../src/group/duplicates/near-finder.ts'
import { countUncompared, readOwn, replaceNearPairs } from '../../../src/group/duplicates/store-near.ts'
import { saveLook } from '../../../src/pipeline/steps/look/store.ts'
import { readSpace } from '../../../src/search/store-vector.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { askDuplicates, flip, picture } from '../../support/duplicate-sets.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'

let database: TestDatabase
let app: FastifyInstance
let ask: ReturnType<typeof askDuplicates>

beforeAll(async () => {
  database = await openTestDatabase()
  ask = askDuplicates(database.db, () => app)
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  app = await openTestServer(database)
  return () => app.close()
})

describe('sets', () => {
  it('hold each copy once, with the photo that is kept and why, and keep their ids', async () => {
    const [a, b, c] = await ask.addCopies('a', 3)
    const [d, e] = await ask.addCopies('d', 2, (i) => ({ width: 800, metadata: i === 1 ? { camera_make: 'Canon', lens: '50 mm' } : {} }))
    expect(await ask.build()).toBe(2)
    const { sets } = await ask.listSets()
    expect(sets).toMatchObject([
      { kind: 'same-picture', keeper: a, rule: 'largest', reason: 'largest: 4000 × 3000, the other 3900 × 3000', frees: 2000 },
      { kind: 'same-picture', keeper: e, rule: 'most-metadata' },
    ])
    expect(sets.map(({ members }) => members.map(({ photo, kept }) => [photo.id, kept]))).toEqual([
      [
        [a, true],
        [b, false],
        [c, false],
      ],
      [
        [d, false],
        [e, true],
      ],
    ])
    // analysed again, one photo more: the same sets
    const [f] = await ask.addCopies('a', 1, () => ({ width: 5000 }))
    await ask.analyse(a!, b!, c!)
    await ask.build()
    expect((await ask.listSets()).sets.map(({ id }) => id)).toEqual(sets.map(({ id }) => id))
    expect((await ask.shapes())[0]).toEqual({ kind: 'same-picture', keeper: f, photos: [f, a, b, c] })
    expect((await ask.call<DuplicatesOverview>('GET', '/api/duplicates')).json.kinds[0]).toMatchObject({
      kind: 'same-picture',
      sets: 2,
      photos: 4,
      bytes: 4000,
    })
    expect((await ask.listSets('limit=1')).next).toBe(sets[0]!.id)
    expect((await ask.shapes(`after=${sets[0]!.id}`)).length).toBe(1)
  })

  it('let go only what is near to the photo that is kept, also when the rules keep another than the set is built around', async () => {
    // b and c are each 8 bits from a, 16 from each other; c is a RAW
    const base = picture('x')
    const a = await addPhoto(database.db, { hash: base, width: 5000 })
    const b = await addPhoto(database.db, { hash: flip(base, 8) })
    const c = await addPhoto(database.db, { hash: flip(base, 8, 100), format: 'cr2' })
    await ask.analyse(a, b, c)
    await database.db.deleteFrom('duplicates').where('photo_id_1', '=', b).where('photo_id_2', '=', c).execute()
    await ask.build()
    await ask.call('POST', '/api/duplicates/rules', { rules: ['original-format'] })
    const [set] = (await ask.listSets()).sets
    expect(set).toMatchObject({ keeper: c, rule: 'original-format', reason: 'nearer to the original: CR2, the other JPEG' })
    expect(set!.members.map(({ photo, kept }) => [photo.id, kept])).toEqual([
      [a, false],
      [b, true],
      [c, true],
    ])
  })

  it('tell shots of one moment and look-alikes from copies, and find them by look alone', async () => {
    const burst = (second: number) => ({
      metadata: { camera_make: 'Canon', camera_model: 'R5' },
      hash: flip(picture('burst'), second * 12),
    })
    const at = async (id: number, second: number) =>
      database.db
        .updateTable('photos')
        .set({ taken_at: `2024-05-01T10:00:0${second}Z` })
        .where('id', '=', id)
        .execute()
    const [a, b] = [await addPhoto(database.db, burst(0)), await addPhoto(database.db, burst(1))]
    await at(a, 1)
    await at(b, 3)
    const [crop, whole, other] = [
      await addPhoto(database.db, { hash: flip(picture('crop'), 60), width: 900 }),
      await addPhoto(database.db, { hash: picture('crop') }),
      await addPhoto(database.db, { hash: picture('elsewhere') }),
    ]
    await ask.analyse(a, b, crop, whole, other)
    const axis = (x: number, y: number) => {
      const vector = new Float32Array(LOOK_WIDTH)
      vector.set([x, y, Math.sqrt(Math.max(0, 1 - x * x - y * y))])
      return vector
    }
    await database.db.transaction().execute(async (trx) => {
      const space = await ensureSpace(trx, { name: LOOK_SPACE, width: LOOK_WIDTH, hasText: false }, LOOK_MODEL)
      for (const [id, vector] of [
        [crop, axis(0.95, 0.1)],
        [whole, axis(0.97, 0)],
        [other, axis(-1, 0)],
      ] as const)
        await saveEmbedding(trx, space, id, vector)
    })
    await using near = new NearFinder({
      db: database.db,
      log: silentLog,
      space: async () => (await readSpace(database.db, { namePrefix: LOOK_SPACE })) ?? null,
      onChanged: () => {},
    })
    while (await near.step());
    await ask.build()
    expect(await ask.shapes()).toEqual([
      { kind: 'edited', keeper: whole, photos: [whole, crop] },
      { kind: 'burst', keeper: a, photos: [a, b] },
    ])
    expect((await ask.detail(crop)).duplicates).toMatchObject([{ kind: 'edited', hamming_distance: 60, photo: { id: whole } }])
    // run again, and the hashes again: what was found stays
    await ask.analyse(crop, whole)
    while (await near.step());
    expect((await ask.detail(crop)).duplicates).toHaveLength(1)
  })

  it('tell pages of text by their words, not by their look', async () => {
    const words = Array.from({ length: 50 }, (_, i) => `word${i}`)
    const page = (text: string) => addPhoto(database.db, { hash: picture(text), text, tags: ['document'] })
    const receipt = await page(words.join(' '))
    const again = await page(words.with(7, 'w0rd7').join(' '))
    const other = await page(
      words
        .slice(0, 25)
        .map((word, i) => (i < 20 ? `other${i}` : word))
        .join(' '),
    )
    await database.db.transaction().execute(async (trx) => {
      const space = await ensureSpace(trx, { name: LOOK_SPACE, width: LOOK_WIDTH, hasText: false }, LOOK_MODEL)
      const vector = new Float32Array(LOOK_WIDTH)
      vector[0] = 1
      for (const id of [receipt, again, other]) await saveEmbedding(trx, space, id, vector)
    })
    await using near = new NearFinder({
      db: database.db,
      log: silentLog,
      space: async () => (await readSpace(database.db, { namePrefix: LOOK_SPACE })) ?? null,
      onChanged: () => {},
    })
    while (await near.step());
    expect((await ask.detail(receipt)).duplicates).toMatchObject([{ kind: 'similar', photo: { id: again } }])
    expect((await ask.detail(other)).duplicates).toEqual([])
  })

  it('are looked for again where a picture was read anew while its neighbours were compared', async () => {
    const { db } = database
    const id = await addPhoto(db)
    const space = await ensureSpace(db, { name: LOOK_SPACE, width: LOOK_WIDTH, hasText: false }, LOOK_MODEL)
    const save = (at: number) =>
      db.transaction().execute((trx) => saveEmbedding(trx, space, id, new Float32Array(LOOK_WIDTH).fill(1, at, at + 1)))
    await save(0)
    const { changedIn } = await readOwn(db, space, id, 50)
    await save(1)
    const finish = (read: string | null) => db.transaction().execute((trx) => replaceNearPairs(trx, id, space, read, []))
    await finish(changedIn)
    expect(await countUncompared(db, space)).toBe(1)
    await finish((await readOwn(db, space, id, 50)).changedIn)
    expect(await countUncompared(db, space)).toBe(0)
  })

  it('hold a crop whose hash says nothing, when it is laid over its picture; a picture that only looks alike it is none', async () => {
    // 4:3; the crop has nine tenths of its width and height
    const paint = (part: number, seed = 1) => {
      const rgb = new Uint8Array(LOOK_SIDE * LOOK_SIDE * 3)
      for (let at = 0; at < rgb.length; at++) {
        const [x, y] = [(Math.floor(at / 3) % LOOK_SIDE) * part, Math.floor(at / 3 / LOOK_SIDE) * part]
        rgb[at] = 128 + 60 * Math.sin((x * x) / 900 + seed) + 60 * Math.cos((x + seed * y * y) / 400)
      }
      return drawOutline(rgb, LOOK_SIDE)
    }
    const add = async (name: string, width: number, luma: Uint8Array, x: number) => {
      const id = await addPhoto(database.db, { hash: picture(name), width, height: width * 0.75 })
      const vector = Float32Array.from({ length: LOOK_WIDTH }, (_, i) => (i === 0 ? x : i === 1 ? Math.sqrt(1 - x * x) : 0))
      await database.db.transaction().execute((trx) => saveLook(trx, id, { vector, outline: luma }))
      return id
    }
    const whole = await add('whole', 4000, paint(1), 1)
    const crop = await add('crop', 3600, paint(0.9), 0.7)
    await add('other', 3600, paint(0.9, 2), 0.75)
    await ask.analyse(whole, crop)
    await using near = new NearFinder({
      db: database.db,
      log: silentLog,
      space: async () => (await readSpace(database.db, { namePrefix: LOOK_SPACE })) ?? null,
      onChanged: () => {},
    })
    while (await near.step());
    await ask.build()
    expect(await ask.shapes()).toEqual([{ kind: 'edited', keeper: whole, photos: [whole, crop] }])
  })

  it('are found anew when the limits or the threshold are other ones, also those that are none any more', async () => {
    const [a, b] = await ask.addCopies('a', 2, (i) => ({ hash: flip(picture('a'), i * 6) }))
    const [c, d] = [await addPhoto(database.db, { hash: picture('c') }), await addPhoto(database.db, { hash: picture('d') })]
    await ask.analyse(c, d)
    const vector = (x: number) => Float32Array.from({ length: LOOK_WIDTH }, (_, i) => (i === 0 ? x : i === 1 ? Math.sqrt(1 - x * x) : 0))
    const spaceId = await database.db.transaction().execute(async (trx) => {
      const space = await ensureSpace(trx, { name: LOOK_SPACE, width: LOOK_WIDTH, hasText: false }, LOOK_MODEL)
      for (const [id, x] of [
        [c, 1],
        [d, 0.5],
      ] as const)
        await saveEmbedding(trx, space, id, vector(x))
      return space
    })
    const open = () =>
      createComparing({
        db: database.db,
        log: silentLog,
        threshold: 8,
        quietMs: 1,
        servingSpace: () => Promise.resolve(null),
        lookSpace: async () => (await readSpace(database.db, { namePrefix: LOOK_SPACE })) ?? null,
      })
    const kinds = async () => (await ask.shapes()).map(({ kind, photos }) => [kind, photos.length])
    {
      await using comparing = open()
      comparing.start()
      await expect.poll(kinds).toEqual([['same-picture', 2]])
      await expect.poll(async () => (await comparing.report()).due).toBe(0)
      // what is changed below is written beside the rest
      const kept = () => database.db.selectFrom('settings').select('key').where('key', 'like', 'duplicates.%').orderBy('key').execute()
      await expect.poll(async () => (await kept()).map(({ key }) => key)).toEqual(['duplicates.near_limits', 'duplicates.threshold'])
    }
    // as left by a program with wider limits and a narrower threshold
    await sql`update settings set value = '"wider"' where key = 'duplicates.near_limits'`.execute(database.db)
    await sql`update settings set value = '4' where key = 'duplicates.threshold'`.execute(database.db)
    await sql`update duplicates set kind = 'edited' where photo_id_1 = ${a} and photo_id_2 = ${b}`.execute(database.db)
    await sql`insert into duplicates (photo_id_1, photo_id_2, kind, cosine_distance, space_id) values (${c}, ${d}, 'similar', .5, ${spaceId})`.execute(
      database.db,
    )
    await ask.build()
    expect(await kinds()).toHaveLength(2)
    {
      await using comparing = open()
      comparing.start()
      await expect.poll(kinds).toEqual([['same-picture', 2]])
      expect((await ask.detail(c)).duplicates).toEqual([])
      await expect.poll(async () => (await comparing.report()).due).toBe(0)
    }
  })

  it('name photos that lie in several files', async () => {
    const id = await addPhoto(database.db)
    const { id: source } = await database.db
      .insertInto('sources')
      .values({ kind: 'folder', path: '/pictures' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const file = { photo_id: id, source_id: source, bytes: 1000, modified_ms: 1 }
    await database.db
      .insertInto('photo_files')
      .values([
        { ...file, path: 'a.jpg', filename: 'a.jpg' },
        { ...file, path: 'b/a.jpg', filename: 'a.jpg' },
      ])
      .execute()
    expect((await ask.listSets('kind=same-bytes')).sets).toMatchObject([
      { id, kind: 'same-bytes', frees: 0, members: [{ paths: ['/pictures/a.jpg', '/pictures/b/a.jpg'], in_place: true }] },
    ])
    expect((await ask.call<DuplicatesOverview>('GET', '/api/duplicates')).json.kinds.at(-1)).toMatchObject({
      kind: 'same-bytes',
      sets: 1,
      bytes: 1000,
    })
  })
})
