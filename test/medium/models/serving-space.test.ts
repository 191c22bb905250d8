import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createServingSpace } from '../../../src/models/spaces/serving-space.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { addVectors, unit } from '../../support/search.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const addProduct = async () => {
  const id = await addPhoto(open.db)
  await open.db
    .insertInto('product_pictures')
    .values({ photo_id: id, store: 'alya', key: `${id}.jpg`, display_name: 'a', state: 'stored' })
    .execute()
  return id
}
const choose = async (active: string | null, spoken: string[]) =>
  (await createServingSpace(open.db, 0).choose(active, spoken))?.name ?? null

it('while the active model has no vectors the library’s fullest space answers, never one that holds product pictures only', async () => {
  const products = [await addProduct(), await addProduct(), await addProduct()]
  const photo = await addPhoto(open.db)
  await addVectors(
    open.db,
    'shop',
    products.map((id) => [id, unit(1, 0)] as const),
  )
  expect(await choose('new', ['new', 'shop'])).toBeNull()
  await addVectors(open.db, 'old', [[photo, unit(1, 0)]])
  expect(await choose('new', ['new', 'shop', 'old'])).toBe('old')
  expect(await choose(null, ['shop', 'old'])).toBe('old')
  // a photo that left its store keeps its vector there
  await open.db.deleteFrom('product_pictures').where('photo_id', '=', products[0]!).execute()
  await addVectors(open.db, 'old', [[products[0]!, unit(1, 0)]])
  expect(await choose('new', ['new', 'shop', 'old'])).toBe('old')
  expect(await choose('shop', ['shop', 'old'])).toBe('shop')
})

it('a library of nothing but product pictures is searched in the space that holds them', async () => {
  await addVectors(open.db, 'shop', [[await addProduct(), unit(1, 0)]])
  expect(await choose('new', ['new', 'shop'])).toBe('shop')
})
