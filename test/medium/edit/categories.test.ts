/** @file Categories by hand: add, rename, other tags, merge, delete; photos follow in the background, also after a kill. */
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { CategoryCount } from '../../../src/contract/library.ts'
import { continueDocuments } from '../../../src/document/store.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createEditsTask } from '../../../src/edit/background.ts'
import { createCategories } from '../../../src/edit/categories.ts'
import { continueCategories } from '../../../src/edit/store-categories.ts'
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

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const call = async (method: Method, url: string, payload?: object) => app.inject({ method, url, ...(payload ? { payload } : {}) })
const read = async (name: string) =>
  (await call('GET', '/api/categories')).json<{ categories: CategoryCount[] }>().categories.find((category) => category.name === name)
const settled = async (name: string) => {
  await expect.poll(async () => (await read(name))?.is_updating).toBe(false)
  return read(name)
}
const found = async (query: string) => (await call('GET', `/api/search?mode=keyword&${query}`)).json<{ total: number }>().total

it('are added, change their tags, get another name; photos and words follow', async () => {
  await addPhoto(database.db, { tags: ['prague'] })
  await addPhoto(database.db, { tags: ['vienna', 'dog'] })
  const added = await call('POST', '/api/categories', { name: 'Cities', description: 'where we were', tags: ['Prague', 'paris'] })
  expect(added.json()).toMatchObject({ name: 'Cities', description: 'where we were', tags: ['paris', 'prague'] })
  expect(await settled('Cities')).toMatchObject({ count: 1 })
  await expect.poll(() => found('q=cities')).toBe(1)
  const { id } = added.json<CategoryCount>()
  await call('PATCH', `/api/categories/${id}`, { tags: ['vienna', 'prague'] })
  expect(await settled('Cities')).toMatchObject({ count: 2, tags: ['prague', 'vienna'] })
  await call('PATCH', `/api/categories/${id}`, { name: 'Towns' })
  expect(await found('category=towns')).toBe(2)
  await expect.poll(() => found('q=towns')).toBe(2)
  expect(await found('q=cities')).toBe(0)
})

it('are merged with what persons decided, and deleted; photos and tags stay', async () => {
  const dog = await addPhoto(database.db, { tags: ['dog'] })
  const plain = await addPhoto(database.db)
  const [animals, food] = [(await read('animals'))?.id, (await read('food'))?.id]
  await call('POST', '/api/edits', { photos: { ids: [plain] }, operations: [{ do: 'add_category', category: 'animals' }] })
  expect(await found('category=animals')).toBe(2)
  const merged = await call('POST', `/api/categories/${animals}/merge`, { into: food })
  expect(merged.json().tags).toEqual(expect.arrayContaining(['dog', 'pizza']))
  expect(await settled('food')).toMatchObject({ count: 2 })
  expect(await read('animals')).toBeUndefined()
  expect((await call('DELETE', `/api/categories/${food}`)).json()).toEqual({ id: food })
  expect(await found('category=food')).toBe(0)
  const photo = (await call('GET', `/api/photos/${dog}`)).json()
  expect([photo.tags.map((tag: { tag: string }) => tag.tag), photo.categories]).toEqual([['dog'], []])
})

it('are refused in words where it makes no sense', async () => {
  const animals = await read('animals')
  const status = async (method: Method, url: string, payload?: object) => (await call(method, url, payload)).statusCode
  expect(await status('POST', '/api/categories', { name: 'Animals' })).toBe(409)
  expect(await status('POST', '/api/categories', { name: ' ' })).toBe(422)
  expect(await status('PATCH', `/api/categories/${animals?.id}`, { name: 'FOOD' })).toBe(409)
  expect(await status('PATCH', '/api/categories/4711', { name: 'x' })).toBe(404)
  expect(await status('POST', `/api/categories/${animals?.id}/merge`, { into: animals?.id })).toBe(422)
  expect(await status('DELETE', '/api/categories/4711')).toBe(404)
})

it('a change that was cut off is finished by the next start', async () => {
  await addPhoto(database.db, { tags: ['prague'] })
  await addPhoto(database.db, { tags: ['prague'] })
  // nothing wakes the work: the process ended right after the change was stored
  const categories = createCategories(database.db, () => {})
  await categories.add({ name: 'Cities', description: '', tags: ['prague'] })
  expect(await read('Cities')).toMatchObject({ count: 0, is_updating: true })
  await using work = createEditsTask(database.db, silentLog)
  work.wake()
  expect(await settled('Cities')).toMatchObject({ count: 2 })
})

it('whatever was done between two ranges, every photo ends up where its tags and the decisions put it', async () => {
  const ids: number[] = []
  for (let i = 0; i < 30; i++) ids.push(await addPhoto(database.db, { tags: i % 3 === 0 ? ['dog'] : i % 3 === 1 ? ['prague', 'dog'] : [] }))
  const categories = createCategories(database.db, () => {})
  const id = await categories.add({ name: 'Mixed', description: '', tags: ['prague'] })
  await categories.change(id, { tags: ['animal', 'prague'] }) // a dog is one
  expect(await continueCategories(database.db, 7)).toBe(7)
  for (const [photo, operation] of [
    [ids[0], { do: 'remove_category', category: 'Mixed' }],
    [ids[2], { do: 'add_category', category: 'Mixed' }],
    [ids[28], { do: 'remove_tags', tags: ['dog', 'prague'] }],
    [ids[29], { do: 'add_tags', tags: ['dog'] }],
  ] as const)
    await call('POST', '/api/edits', { photos: { ids: [photo] }, operations: [operation] })
  // the server, which the edits woke, may be at it too
  while ((await continueCategories(database.db, 7)) > 0);
  await settled('Mixed')
  const { rows } = await sql<{ stored: number[]; derived: number[] }>`
    select array(select photo_id from photo_categories where category_id = ${id} order by 1) as stored,
      array(select photo_id from derived_categories where category_id = ${id} order by 1) as derived`.execute(database.db)
  expect(rows[0]?.stored).toEqual(rows[0]?.derived)
  expect(rows[0]?.stored).toEqual(ids.filter((_, i) => (i % 3 !== 2 && i !== 0 && i !== 28) || i === 2 || i === 29))
})

it('leave nothing behind when a photo is deleted, or the category', async () => {
  const kept = await addPhoto(database.db, { tags: ['prague'] })
  const gone = await addPhoto(database.db, { tags: ['prague'] })
  const { id } = (await call('POST', '/api/categories', { name: 'Cities', tags: ['prague'] })).json<CategoryCount>()
  await settled('Cities')
  const members = async () => {
    const rows = await database.db.selectFrom('photo_categories').selectAll().orderBy('photo_id').execute()
    return rows.filter(({ category_id }) => category_id === id).map(({ photo_id }) => photo_id)
  }
  expect(await members()).toEqual([kept, gone])
  await database.db
    .insertInto('stale_documents')
    .values({ photo_id: gone })
    .onConflict((c) => c.doNothing())
    .execute()
  await database.db.deleteFrom('photos').where('id', '=', gone).execute()
  expect(await members()).toEqual([kept])
  expect(await database.db.selectFrom('stale_documents').select('photo_id').where('photo_id', '=', gone).execute()).toEqual([])
  expect((await call('DELETE', `/api/categories/${id}`)).statusCode).toBe(200)
  expect(await members()).toEqual([])
})

it('are merged while the words of their photos are written, again and again: neither ends the other', async () => {
  const { db } = database
  for (let i = 0; i < 40; i++) await addPhoto(db, { tags: ['prague'] })
  const categories = createCategories(db, () => {})
  const into = await categories.add({ name: 'Kept', description: '', tags: ['vienna'] })
  for (let round = 0; round < 12; round++) {
    const id = await categories.add({ name: `Gone ${round}`, description: '', tags: ['prague'] })
    while ((await continueCategories(db, 100)) > 0);
    // its photos are in line, and the merge puts them there again
    await Promise.all([continueDocuments(db, 40), categories.merge(id, into)])
    await db.deleteFrom('tag_category_mappings').where('category_id', '=', into).where('tag', '=', 'prague').execute()
  }
  while ((await continueDocuments(db, 100)) > 0);
  expect((await read('Gone 3'))?.name).toBeUndefined()
})
