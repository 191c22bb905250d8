/** @file Product pictures and made ones do not stand among the photos of a person, unless they are asked for. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Collection } from '../../../src/contract/words.ts'
import { readEmbedded, readVectors } from '../../../src/group/clusters/store-clusters.ts'
import type { Services } from '../../../src/http/services.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { askDuplicates } from '../../support/duplicate-sets.ts'
import { openTestServer } from '../../support/http.ts'
import { pictureBytes, streamOf } from '../../support/ingest.ts'
import { addPhoto } from '../../support/library.ts'
import { addVectors, unit } from '../../support/search.ts'

let database: TestDatabase
let app: FastifyInstance
let ingest: Services['ingest']

beforeAll(async () => {
  database = await openTestDatabase()
  app = await openTestServer(database, {
    services: (real) => {
      ingest = real.ingest
      return {}
    },
  })
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})
beforeEach(() => truncateAll(database.db))

const get = async (url: string) => (await app.inject(url)).json()
const putInto = (id: number, collection: Collection) => database.db.updateTable('photos').set({ collection }).where('id', '=', id).execute()

/** One of each, alike in everything else. */
async function addOfEach(): Promise<Record<Collection, number>> {
  const ids = {
    photos: await addPhoto(database.db, { tags: ['ring'] }),
    products: await addPhoto(database.db, { tags: ['ring'] }),
    made: await addPhoto(database.db, { tags: ['ring'] }),
  }
  await putInto(ids.products, 'products')
  await putInto(ids.made, 'made')
  return ids
}

const searched = async (query: string) => {
  const { hits, total } = await get(`/api/search?mode=keyword&${query}`)
  return { ids: hits.map((hit: { photo: { id: number } }) => hit.photo.id).sort((a: number, b: number) => a - b), total }
}

it('gallery, days, and lists hold photos; others where their collection is asked for', async () => {
  const ids = await addOfEach()
  expect(await get('/api/photos')).toMatchObject({ total: 1, photos: [{ id: ids.photos }] })
  expect(await get('/api/photos?day=2024-03-15')).toMatchObject({ total: 1 })
  expect(await get('/api/photos/ids')).toEqual({ ids: [ids.photos], total: 1 })
  expect((await get('/api/days')).days).toEqual([{ day: '2024-03-15', count: 1 }])
  expect((await get('/photos')).map(({ id }: { id: number }) => id)).toEqual([ids.photos])
  expect(await get('/api/photos?collection=products,made')).toMatchObject({ total: 2 })
  expect((await get('/photos?collection=made')).map(({ id }: { id: number }) => id)).toEqual([ids.made])
  // one that is asked for by its id is there
  expect(await get(`/api/photos?ids=${ids.products}`)).toMatchObject({ total: 1 })
  expect(await get(`/api/photos/${ids.products}`)).toMatchObject({ id: ids.products })
  expect((await get('/api/photos?collection=paintings')).detail).toBe('collection.0: must be "photos", "products", or "made"')
})

it('searches find photos, by words and without any; the filter asks for others', async () => {
  const ids = await addOfEach()
  const all = [ids.photos, ids.products, ids.made].sort((a, b) => a - b)
  for (const words of ['', 'q=ring', 'tag=ring', 'q=ring&tag=ring', 'hide_duplicates=true'])
    expect(await searched(words), words).toEqual({ ids: [ids.photos], total: 1 })
  for (const words of ['', 'q=ring']) {
    expect(await searched(`${words}&collection=products`)).toEqual({ ids: [ids.products], total: 1 })
    expect(await searched(`${words}&collection=photos`)).toEqual({ ids: [ids.photos], total: 1 })
    expect(await searched(`${words}&collection=photos,products,made`)).toEqual({ ids: all, total: 3 })
    expect(await searched(words)).toEqual({ ids: [ids.photos], total: 1 })
  }
  expect(await searched('q=is:product ring')).toEqual({ ids: [ids.products], total: 1 })
  expect(await searched('q=-is:product ring')).toEqual({ ids: [ids.photos], total: 1 })
  expect((await get('/search?q=ring&mode=keyword')).results.map(({ photo_id }: { photo_id: number }) => photo_id)).toEqual([ids.photos])
  const facets = await get('/api/search/facets')
  expect(facets).toMatchObject({ total: 1, facets: { tag: { values: [{ value: 'ring', count: 1 }] } } })
  expect(facets.facets.collection.values).toEqual([
    { value: 'products', label: 'products', count: 1 },
    { value: 'made', label: 'made', count: 1 },
  ])
  expect((await get('/api/search/facets?collection=products,made')).total).toBe(2)
})

it('a picture in several collections is where a person put it', async () => {
  const bytes = pictureBytes('a ring')
  const send = async (collection?: Collection) => ingest.upload(streamOf(bytes), 'ring.png', collection)
  const { id } = await send('products')
  expect(await get('/api/photos')).toMatchObject({ total: 0 })
  await send('made')
  expect(await get('/api/photos?collection=products')).toMatchObject({ total: 1, photos: [{ id }] })
  await send()
  expect(await get('/api/photos')).toMatchObject({ total: 1, photos: [{ id }] })
  await send('products')
  expect(await get('/api/photos')).toMatchObject({ total: 1, photos: [{ id }] })
})

it('duplicates and topics are found among photos', async () => {
  const duplicates = askDuplicates(database.db, () => app)
  const [a = 0, b = 0, c = 0] = await duplicates.addCopies('ring', 3)
  await duplicates.build()
  expect((await duplicates.shapes()).flatMap(({ photos }) => photos).sort()).toEqual([a, b, c].sort())
  await putInto(c, 'products')
  expect((await duplicates.shapes()).flatMap(({ photos }) => photos).sort()).toEqual([a, b].sort())
  await putInto(b, 'made')
  expect(await duplicates.shapes()).toEqual([])
  const space = await addVectors(database.db, 'm', [
    [a, unit(1, 0)],
    [b, unit(1, 0)],
    [c, unit(1, 0)],
  ])
  expect(await readEmbedded(database.db, space)).toEqual([a])
  expect((await readVectors(database.db, space, 0, 10)).ids).toEqual([a])
})
