import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { emptySearchDocuments, refreshSearchDocuments } from '../../../src/document/store.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { FacetIndex } from '../../../src/search/facet-index.ts'
import { KeptMatches } from '../../../src/search/kept-matches.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const tagged = (tag: string) => addPhoto(open.db, { tags: [tag] })

it('what is kept of a word follows new, changed, trashed and deleted photos at once', async () => {
  const matches = new KeptMatches(1)
  const dogs = async () => (await matches.read(open.db, "'dog'")).toArray()
  const [a, b, c] = [await tagged('dog'), await tagged('dog'), await tagged('cat')]
  expect(await dogs()).toEqual([a, b])
  const d = await tagged('dog')
  expect(await dogs()).toEqual([a, b, d])
  await open.db.transaction().execute(async (trx) => {
    await trx.updateTable('photo_tags').set({ tag: 'dog' }).where('photo_id', '=', c).execute()
    await trx.deleteFrom('photo_tags').where('photo_id', '=', a).execute()
    await refreshSearchDocuments(trx, [a, c])
  })
  expect(await dogs()).toEqual([b, c, d])
  await open.db.transaction().execute((trx) => emptySearchDocuments(trx, [b]))
  expect(await dogs()).toEqual([c, d])
  await open.db.deleteFrom('photos').where('id', '=', c).execute()
  expect(await dogs()).toEqual([d])
  expect(await dogs()).toEqual((await new KeptMatches().read(open.db, "'dog'")).toArray())
})

it('photos deleted are out of the totals of facets at once', async () => {
  const index = new FacetIndex()
  const total = async () => (await index.totals(open.db, EVERY_PHOTO)).find(({ key, value }) => key === 'tag' && value === 'dog')?.count
  const [a] = [await tagged('dog'), await tagged('dog')]
  expect(await total()).toBe(2)
  await open.db.deleteFrom('photos').where('id', '=', a).execute()
  expect(await total()).toBe(1)
})
