/** @file What is near an upload in a store, the library’s trash, and persons’ words, on rows as uploads leave them. */

import { randomBytes } from 'node:crypto'
import { mkdtemp, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { message, textMessage } from '../../../src/contract/messages/message.ts'
import { PicturePatch } from '../../../src/contract/products.ts'
import { ensureSpace, saveEmbedding } from '../../../src/db/vector.ts'
import { OWNER } from '../../../src/domain/actor.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { PRODUCT_PROFILES } from '../../../src/domain/product/product-profiles.ts'
import { writeZip, zipTag } from '../../../src/library/zip.ts'
import { DuplicateIndex } from '../../../src/pipeline/steps/duplicates/duplicate-index.ts'
import { replaceObjects } from '../../../src/pipeline/steps/objects/store.ts'
import { createProductExport } from '../../../src/product/export-products.ts'
import { findLike } from '../../../src/product/find-like.ts'
import { createKeepInStep } from '../../../src/product/keep-in-step.ts'
import { createPersonsWords } from '../../../src/product/persons-words.ts'
import { createPictures } from '../../../src/product/pictures.ts'
import type { Probed } from '../../../src/product/probe/protocol.ts'
import { createProducts } from '../../../src/product/products.ts'
import { storeMade } from '../../../src/product/store-made.ts'
import { createStoreMembers } from '../../../src/product/store-members.ts'
import { setPictureState } from '../../../src/product/store-pictures.ts'
import { changePicture, countStates, ensureProduct } from '../../../src/product/store-products.ts'
import { VectorIndex } from '../../../src/search/vectors/vector-index.ts'
import { readBounds } from '../../../src/storage/bounds.ts'
import { readStores } from '../../../src/storage/read-stores.ts'
import { openStores } from '../../../src/storage/stores.ts'
import { fileAt } from '../../support/blobs.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addHash, addPhoto } from '../../support/library.ts'
import { testFolder } from '../../support/test-folder.ts'

const SHA256_OF_X = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'
const SPACE = { name: 'test/4', width: 4, hasText: false }
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
afterEach(() => truncateAll(database.db))

const unit = (...values: number[]): Float32Array => {
  const length = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / length)
}

/** A photo that lies in a store. @returns ids of both */
async function addPicture(options: { store?: string; vector?: Float32Array; hash?: Uint8Array; key?: string } = {}) {
  const { db } = database
  const photo = await addPhoto(db)
  const { id } = await db
    .insertInto('product_pictures')
    .values({ photo_id: photo, store: options.store ?? 'alya', key: options.key ?? `${photo}.jpg`, display_name: `picture ${photo}` })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (options.hash) await addHash(db, photo, options.hash)
  if (options.vector) {
    const { vector } = options
    const space = await ensureSpace(db, SPACE, 'test')
    await db.transaction().execute((trx) => saveEmbedding(trx, space, photo, vector))
  }
  return { photo, id }
}

function probe(vector: Float32Array, hash: Uint8Array = randomBytes(32)): Probed {
  const dihedral = randomBytes(256)
  dihedral.set(hash)
  return {
    hash: { pdq: hash, quality: 100, dihedral },
    look: { vector, outline: new Uint8Array(1024) },
    embedding: { space: SPACE, vector, modelId: 'test' },
    embeddingProblem: null,
    shot: {} as never,
    jpeg: null,
  }
}

describe.each(['the database alone', 'vectors in memory'])('what is near an upload, by %s', (how) => {
  it('tells the surest first, of this store alone, also after pictures came, left and were thrown away', async () => {
    const { db } = database
    await using index = new VectorIndex(db, silentLog)
    const members = createStoreMembers()
    const inMemory =
      how === 'vectors in memory'
        ? {
            findNear: (question: Parameters<VectorIndex['nearest']>[0]) => index.nearest(question),
            membersOf: (store: string) => members.of(db, store),
          }
        : null
    const deps = { db, inMemory, duplicates: new DuplicateIndex(), pdqThreshold: 8 }
    const hash = randomBytes(32)
    // the nearest copy of all lies in another store
    await addPicture({ store: 'blysk', vector: unit(1, 0, 0, 0), hash })
    const turned = Uint8Array.from(hash)
    turned[0] = turned[0]! ^ 7
    const copy = await addPicture({ vector: unit(0, 1, 0, 0), hash: turned })
    const near = await addPicture({ vector: unit(1, 0.1, 0, 0), hash: randomBytes(32) })
    const far = await addPicture({ vector: unit(1, 1, 0, 0), hash: randomBytes(32) })
    const ask = async (limit: number, store = 'alya') =>
      (await findLike(deps, { store, sha256: 'f'.repeat(64), probed: probe(unit(1, 0, 0, 0), hash), below: 0.05, limit })).map(
        ({ picture, kind }) => [picture.id, kind],
      )
    expect(await ask(1)).toEqual([[copy.id, 'same-picture']])
    expect(await ask(9)).toEqual([
      [copy.id, 'same-picture'],
      [near.id, 'similar'],
      [far.id, null],
    ])

    const later = await addPicture({ vector: unit(1, 0.01, 0, 0) })
    members.add('alya', later.photo)
    await db.transaction().execute((trx) => setPictureState(trx, near.id, 'trashed'))
    members.forget('alya')
    await db.updateTable('photos').set({ trashed_at: new Date() }).where('id', '=', copy.photo).execute()
    expect(await ask(9)).toEqual([
      [later.id, 'similar'],
      [far.id, null],
    ])
    await db.updateTable('photos').set({ trashed_at: null }).where('id', '=', copy.photo).execute()
    await db.deleteFrom('photos').where('id', '=', later.photo).execute()
    expect((await ask(9))[0]).toEqual([copy.id, 'same-picture'])
    expect(await ask(9, 'nowhere')).toEqual([])
  })
})

it('a picture whose photo is thrown away leaves its slot, its counts and its store, and comes back to all of them', async () => {
  const { db, dataDir } = database
  await using stores = await openStores(readStores(undefined, dataDir, 'jewelry'), dataDir)
  const path = join(dataDir, 'original')
  await writeFile(path, 'x')
  await using keepInStep = createKeepInStep({ db, stores, owner: 'test', locate: () => fileAt(path), log: silentLog })
  const { blobs } = stores.get('alya')
  const words = createPersonsWords(db)
  const products = createProducts({
    db,
    pickStore: (name) => name ?? 'alya',
    urlOf: async ({ key }) => key,
    profile: PRODUCT_PROFILES.jewelry,
    findNear: async () => [],
    words,
  })
  const main = await addPicture({ key: 'main.jpg' })
  const angle = await addPicture()
  await db.updateTable('photos').set({ bytes: 1, sha256: SHA256_OF_X }).where('id', '=', main.photo).execute()
  await db.transaction().execute(async (trx) => {
    const product = await ensureProduct(trx, 'alya', 'RING')
    await changePicture(trx, main.id, { product_id: product, slot: 'main' })
    await changePicture(trx, angle.id, { product_id: product, slot: 'angle' })
    await trx.insertInto('store_intents').values({ owner: 'test', store: 'alya', key: 'main.jpg' }).execute()
  })
  await keepInStep.repair()
  expect(await blobs.stat('main.jpg')).not.toBeNull()
  const look = async () => {
    const [product] = (await products.list({ store: 'alya', skip: 0, limit: 9 }, '')).products
    const stored = (await countStates(db)).find(({ state }) => state === 'stored')?.count
    const listed = await products.pictures({ store: 'alya', state: 'stored', loose: false, skip: 0, limit: 9 }, '')
    return { pictures: product?.pictures.map(({ id }) => id), misses: product?.missing.includes('main'), stored, total: listed.total }
  }
  expect(await look()).toEqual({ pictures: [main.id, angle.id], misses: false, stored: 2, total: 2 })

  await db.updateTable('photos').set({ trashed_at: new Date() }).where('id', '=', main.photo).execute()
  await keepInStep.repair()
  expect(await look()).toEqual({ pictures: [angle.id], misses: true, stored: 1, total: 1 })
  expect(await products.get(main.id, '')).toMatchObject({ state: 'trashed', sku: 'RING', slot: 'main' })
  expect(await blobs.stat('main.jpg')).toBeNull()

  await db.updateTable('photos').set({ trashed_at: null }).where('id', '=', main.photo).execute()
  await keepInStep.repair()
  expect(await look()).toEqual({ pictures: [main.id, angle.id], misses: false, stored: 2, total: 2 })
  expect(await blobs.stat('main.jpg')).not.toBeNull()
})

it('a picture made again with the same bytes is back in its store, as the same picture', async () => {
  const { db, dataDir } = database
  await using stores = await openStores(readStores(undefined, dataDir, 'jewelry'), dataDir)
  const path = join(dataDir, 'made')
  await writeFile(path, 'x')
  const locate = () => fileAt(path)
  await using keepInStep = createKeepInStep({ db, stores, owner: 'test', locate, log: silentLog })
  const nothingIsSent = () => Promise.reject(new Error('nothing is sent'))
  const members = createStoreMembers()
  const pictures = createPictures({
    ...{ db, stores, members, keepInStep, log: silentLog, inMemory: null, pdqThreshold: 8, duplicates: new DuplicateIndex() },
    ...{ probe: { ask: nothingIsSent }, saveProbed: nothingIsSent, onIncomplete: () => {}, jpegSide: () => null },
    ingest: { stage: nothingIsSent, keep: nothingIsSent, discard: nothingIsSent, locate },
  })
  const made = await addPicture({ key: 'gen_images/1.jpg' })
  await db.updateTable('photos').set({ bytes: 1, sha256: SHA256_OF_X }).where('id', '=', made.photo).execute()
  await db.transaction().execute((trx) => setPictureState(trx, made.id, 'trashed'))
  const again = { store: 'alya', photoId: made.photo, sourceId: null, kind: 'earring', madeBy: 'type 1', filename: 'x.jpg' }
  expect(await storeMade({ db, pictures, locate }, again)).toBe(made.id)
  expect((await pictures.find({ id: made.id })).state).toBe('stored')
  expect(await stores.get('alya').blobs.stat('gen_images/1.jpg')).toMatchObject({ bytes: 1 })
  // asked once more nothing changes
  expect(await storeMade({ db, pictures, locate }, again)).toBe(made.id)
  expect(await countStates(db)).toEqual([{ store: 'alya', state: 'stored', count: 1 }])
})

it('what marketplaces ask beyond pixels is known of each picture: its kind, how many its product has, the people in it', async () => {
  const { db } = database
  const products = createProducts({
    ...{ db, pickStore: (name) => name ?? 'alya', urlOf: async ({ key }: { key: string }) => key, findNear: async () => [] },
    words: createPersonsWords(db),
    profile: PRODUCT_PROFILES.jewelry,
  })
  const [main, angle, loose] = [await addPicture(), await addPicture(), await addPicture()]
  await db.transaction().execute(async (trx) => {
    const product = await ensureProduct(trx, 'alya', 'RING', { kind: 'ring' })
    await changePicture(trx, main.id, { product_id: product, slot: 'main' })
    await changePicture(trx, angle.id, { product_id: product, slot: 'angle' })
    const done = { photo_id: main.photo, state: 'done', version: 1, model_id: 'test', lane: 'analyse' } as const
    await trx
      .insertInto('photo_steps')
      .values((['faces', 'objects', 'ocr'] as const).map((step) => ({ ...done, step })))
      .execute()
    await replaceObjects(trx, main.photo, [{ label: 'person', confidence: 0.8, box: { x: 0, y: 0, width: 1, height: 1 } }], 'test')
  })
  const facts = async ({ id }: { id: number }) => {
    const { readiness } = await products.get(id, '')
    const checks = readiness.find(({ profile }) => profile === 'amazon-main')?.checks ?? []
    return ['fill', 'no text or watermark', 'no person', 'pictures of the product'].map((rule) => {
      const found = checks.find((one) => one.rule === rule)
      return found && [found.status, rule === 'fill' ? found.wants : found.measured]
    })
  }
  expect(await facts(main)).toEqual([
    ['unknown', 'at least 80 % of the frame'],
    ['pass', 'none'],
    ['fail', '1 figure'],
    ['warn', '2'],
  ])
  expect(await facts(loose)).toEqual([
    ['unknown', 'at least 85 % of the frame (80 % for jewelry)'],
    ['unknown', 'not measured yet'],
    ['unknown', 'not measured yet'],
    ['warn', 'it belongs to no product'],
  ])
  await db.updateTable('photos').set({ trashed_at: new Date() }).where('id', '=', angle.photo).execute()
  expect((await facts(main))[3]).toEqual(['warn', '1'])
})

it('pictures of no product are grouped by the folder of the library they lie in, with the slots their names tell', async () => {
  const { db } = database
  const products = createProducts({
    db,
    pickStore: (name) => name ?? 'alya',
    urlOf: async ({ key }) => key,
    profile: PRODUCT_PROFILES.jewelry,
    findNear: async () => [],
    words: createPersonsWords(db),
  })
  const { id: source } = await db.insertInto('sources').values({ kind: 'folder', path: '/shop' }).returning('id').executeTakeFirstOrThrow()
  const lies = async (path: string) => {
    const picture = await addPicture()
    const filename = path.split('/').at(-1) ?? path
    await db.updateTable('photos').set({ filename }).where('id', '=', picture.photo).execute()
    await db
      .insertInto('photo_files')
      .values({ photo_id: picture.photo, source_id: source, path, filename, bytes: 1, modified_ms: 0 })
      .execute()
    return picture.id
  }
  const [front, detail] = [await lies('2026/RING 7/front.jpg'), await lies('2026/RING 7/x_detail.jpg')]
  await lies('top.jpg')
  await addPicture()
  const answer = await products.group({ store: 'alya', by: 'folder', dry_run: false })
  expect(answer.groups).toEqual([
    {
      sku: 'RING 7',
      pictures: [
        { id: front, slot: 'main' },
        { id: detail, slot: 'detail' },
      ],
    },
  ])
  expect((await products.get(detail, '')).sku).toBe('RING 7')
})

it('an export is the same ZIP in another process, byte for byte, until something else is said of a picture', async () => {
  const { db, dataDir } = database
  const path = join(dataDir, 'exported')
  await writeFile(path, 'picture')
  const bounds = await readBounds({ root: dataDir, followLinks: [] })
  const picture = await addPicture()
  const words = createPersonsWords(db)
  await db.transaction().execute(async (trx) => {
    const product = await ensureProduct(trx, 'alya', 'RING-1', { name: 'Ring' })
    await changePicture(trx, picture.id, { product_id: product, slot: 'main' })
  })
  const exportAnew = async () => {
    const open = createProductExport({
      ...{ db, pickStore: () => 'alya', profile: PRODUCT_PROFILES.jewelry },
      locate: async () => fileAt(path, bounds),
      urlOf: async ({ key }, base) => `${base}/${key}`,
    })
    const { entries } = await open('alya', 'shopify', 'http://shop')
    return { tag: zipTag(entries), bytes: await buffer(writeZip(entries)) }
  }
  await words.change(OWNER, picture.id, { words: { description: 'gold' }, reset: [] })
  const first = await exportAnew()
  expect(first.bytes.toString('latin1')).toContain('ring-1,Ring,http://shop/')
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await exportAnew()).toEqual(first)
  // of the same length: neither sizes nor times tell
  await words.change(OWNER, picture.id, { words: { description: 'blue' }, reset: [] })
  expect((await exportAnew()).tag).not.toBe(first.tag)
  const outside = join(await mkdtemp(join(testFolder(), 'fototeca-test-')), 'picture')
  await rename(path, outside)
  await symlink(outside, path)
  await expect(exportAnew()).rejects.toThrow('a link was put in its place')
})

it('a person’s words stand over the model’s through another run, until they are taken back or undone', async () => {
  const { db } = database
  const words = createPersonsWords(db)
  const products = createProducts({
    db,
    pickStore: (name) => name ?? 'alya',
    urlOf: async ({ key }) => key,
    profile: PRODUCT_PROFILES.jewelry,
    findNear: async () => [],
    words,
  })
  const { id, photo } = await addPicture()
  const describe = (by: string, text: string) =>
    db
      .insertInto('descriptions')
      .values({
        photo_id: photo,
        said_by: by,
        models: [by],
        description: text,
        alt_text: text,
        tags: ['gold', 'ring'],
        detected_objects: '[]',
      })
      .execute()
  await describe('one', 'A gold ring.')
  const change = (patch: object) => products.change(OWNER, id, PicturePatch.parse(patch), '')
  expect((await products.get(id, '')).words).toMatchObject({
    name: { value: 'Gold ring', said_by: 'template' },
    description: { value: 'A gold ring.', said_by: 'template' },
    colour: { value: null, said_by: null },
  })
  const first = await change({ words: { description: 'Grandmother’s ring', attributes: null } })
  expect(first.words).toMatchObject({
    description: { value: 'Grandmother’s ring', said_by: 'person' },
    attributes: { value: null, said_by: 'person' },
  })
  await describe('two', 'Something else.')
  expect((await products.get(id, '')).words.description.value).toBe('Grandmother’s ring')
  expect((await change({ words: { description: 'Grandmother’s ring' } })).edit).toBeNull()

  const second = await change({ words: { description: 'Her ring' }, slot: 'main' })
  const undone = await words.undo(OWNER, {
    id: first.edit!,
    message: message('product.words', { written: ['attributes', 'description'], reset: [], picture: id }),
  })
  // the description was written again since: only the attributes go back
  expect((await products.get(id, '')).words).toMatchObject({ description: { value: 'Her ring' }, attributes: { said_by: 'template' } })
  expect(await db.selectFrom('edits').select(['area', 'conflicts', 'undo_of']).where('id', '=', undone).executeTakeFirst()).toEqual({
    area: 'products',
    conflicts: 1,
    undo_of: first.edit,
  })
  await expect(words.undo(OWNER, { id: first.edit!, message: textMessage('') })).rejects.toMatchObject({ code: 'conflict' })
  await words.undo(OWNER, { id: second.edit!, message: textMessage('') })
  expect((await products.get(id, '')).words.description.value).toBe('Grandmother’s ring')
  expect((await change({ reset: ['description'] })).words.description.said_by).toBe('template')
  await expect(change({ words: { name: 'a' }, reset: ['name'] })).rejects.toMatchObject({ code: 'invalid' })
  await expect(products.change(OWNER, 9999, PicturePatch.parse({ words: { name: 'a' } }), '')).rejects.toMatchObject({ code: 'not_found' })
})

it('whoever throws a photo away tells its stores', async () => {
  const { db } = database
  const { photo } = await addPicture()
  await db.updateTable('photos').set({ trashed_at: new Date() }).where('id', '=', photo).execute()
  expect(await db.selectFrom('store_intents').select('key').execute()).toEqual([{ key: `${photo}.jpg` }])
})
