import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FacetsQuery, SuggestQuery } from '../../../src/contract/search.ts'
import { refreshSearchDocuments } from '../../../src/document/store.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { FacetIndex } from '../../../src/search/facet-index.ts'
import { createFacets, type FindFacets } from '../../../src/search/facets.ts'
import { GroupIndex } from '../../../src/search/group-index.ts'
import { dropFacetValues } from '../../../src/search/store-facet-values.ts'
import { findSuggestions } from '../../../src/search/suggest.ts'
import { addToAlbum } from '../../support/albums.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto, type PhotoOptions } from '../../support/library.ts'

let open: TestDatabase
let index: FacetIndex
let find: FindFacets
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(open.db)
  index = new FacetIndex(3)
  find = createFacets(
    {
      db: open.db,
      language: 'english',
      textEmbedder: () => Promise.resolve(null),
      semanticNotice: () => null,
      activeSpace: () => Promise.resolve(null),
    },
    index,
  )
})
const add = (options?: PhotoOptions) => addPhoto(open.db, options)
const ask = (query: object = {}) => find(EVERY_PHOTO, FacetsQuery.parse(query))
const counts = async (key: keyof Awaited<ReturnType<FindFacets>>['facets'], query: object = {}) =>
  Object.fromEntries(((await ask(query)).facets[key]?.values ?? []).map(({ label, count }) => [label, count]))
const suggest = async (q: string, limit = 8) =>
  (await findSuggestions(open.db, index, EVERY_PHOTO, SuggestQuery.parse({ q, limit }))).suggestions.map(
    ({ kind, text, count }) => `${kind} ${text} ${count}`,
  )

it('counts the values of the photos found, by any question, and a photo once', async () => {
  await add({
    tags: ['dog', 'cat'],
    colours: ['red', 'red'],
    people: ['Anna'],
    state: 'partial',
    metadata: { camera_model: 'X-T4', rating: 4 },
  })
  await add({ tags: ['dog'], colours: ['red', 'blue'], people: ['Anna', 'Tom'], width: 100, height: 100 })
  await add({ tags: ['pizza'], format: 'heic', metadata: { country: 'Italy' }, day: '2020-01-01' })
  const refused = await add({ state: 'failed' })
  expect((await ask()).total).toBe(3)
  expect(await counts('category')).toEqual({ animals: 2, food: 1 })
  expect(await counts('tag')).toEqual({ dog: 2, cat: 1, pizza: 1 })
  expect(await counts('colour', { q: 'dog' })).toEqual({ red: 2, blue: 1 })
  expect(await counts('people')).toEqual({ Anna: 2, Tom: 1 })
  expect(await counts('state')).toEqual({ completed: 2, partial: 1, failed: 1 })
  await open.db.deleteFrom('photos').where('id', '=', refused).execute()
  expect(await counts('format', { from: '2021-01-01' })).toEqual({ jpeg: 2 })
  expect(await counts('orientation', { tag: 'dog' })).toEqual({ landscape: 1, square: 1 })
  expect(await counts('country', { category: 'food' })).toEqual({ Italy: 1 })
  expect(await counts('rating')).toEqual({ 4: 1 })
  expect(await counts('camera', { q: 'nothing like it' })).toEqual({})
})

describe('saved for the next start', () => {
  const totals = async (own: FacetIndex) =>
    Object.fromEntries((await own.totals(open.db, EVERY_PHOTO)).map(({ key, value, count }) => [`${key} ${value}`, count]))

  it('is with what changed since as if all were read', async () => {
    const ids: number[] = []
    for (const tags of [['dog'], ['cat', 'dog'], ['pizza'], ['boat']]) ids.push(await add({ tags }))
    const before = new FacetIndex(3, 0)
    await before.warm(open.db)
    await before.save(open.db)
    await open.db.transaction().execute(async (trx) => {
      await trx.updateTable('photo_tags').set({ tag: 'horse' }).where('photo_id', '=', ids[0]!).execute()
      await refreshSearchDocuments(trx, [ids[0]!])
    })
    await open.db.deleteFrom('photos').where('id', '=', ids[2]!).execute()
    await add({ tags: ['kite'] })
    const after = new FacetIndex(3, 0)
    expect(await after.restore(open.db)).toBe(true)
    const restored = await totals(after)
    await dropFacetValues(open.db)
    expect(restored).toEqual(await totals(new FacetIndex()))
    expect(await totals(after)).toMatchObject({ 'tag horse': 1, 'tag dog': 1, 'tag kite': 1 })
    expect(await totals(after)).not.toHaveProperty('tag pizza')
    // how certain each tag is came along: both rank alike
    const fresh = new FacetIndex()
    await fresh.warm(open.db)
    const weighed = (own: FacetIndex) => {
      const [factors = new Map()] = own.names.match([{ word: 'dog', isPrefix: false, isQuoted: true }], new Map())
      return own.weigh(Int32Array.from(ids), [{ factors, among: null }])
    }
    expect(weighed(fresh)[0]?.[1]).toBeGreaterThan(0)
    expect(weighed(after)).toEqual(weighed(fresh))
  })

  it('is what the first question takes, whoever asks it', async () => {
    await add({ tags: ['dog'] })
    // transactions of others on the same server, open since before, would have it read again as possibly changed
    const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(open.db)
    const isPast = sql<{ past: boolean }>`select ${rows[0]?.xid}::text::xid8 < pg_snapshot_xmin(pg_current_snapshot()) as past`
    await expect.poll(async () => (await isPast.execute(open.db)).rows[0]?.past).toBe(true)
    const before = new FacetIndex(3, 0)
    await before.warm(open.db)
    await before.save(open.db)
    // as no reading of the tables would have it
    await open.db.deleteFrom('photo_tags').execute()
    expect(await totals(new FacetIndex())).toMatchObject({ 'tag dog': 1 })
  })

  it('ends between two pages when the program does, and is read whole by the next', async () => {
    for (let i = 0; i < 5; i++) await add({ tags: ['dog'] })
    const own = new FacetIndex(3)
    await expect(own.warm(open.db, AbortSignal.abort())).rejects.toThrow()
    expect(own.isFilled).toBe(false)
    expect(await totals(own)).toMatchObject({ 'tag dog': 5 })
  })

  it.each([
    ['of another version', sql`update kept_indexes set made_by = 'another'`],
    ['of another database, whose transactions are further', sql`update kept_indexes set seen = '99999999999'::xid8`],
    ['too old', sql`update kept_indexes set saved_at = now() - interval '40 days'`],
    ['damaged', sql`update kept_indexes set content = substr(content, 1, 100)`],
    ['not there', sql`delete from kept_indexes`],
  ])('is not believed where it is %s', async (_, spoil) => {
    await add({ tags: ['dog'] })
    const before = new FacetIndex(3, 0)
    await before.warm(open.db)
    await before.save(open.db)
    await spoil.execute(open.db)
    const after = new FacetIndex(3, 0)
    expect(await after.restore(open.db)).toBe(false)
    expect((await sql`select 1 from kept_indexes`.execute(open.db)).rows).toEqual([])
    expect(await totals(after)).toMatchObject({ 'tag dog': 1 })
  })
})

it('follows what changes, also of transactions that were open when it looked', async () => {
  const ids = [await add({ tags: ['dog'] }), await add({ tags: ['dog'] }), await add({}), await add({}), await add({})]
  expect(await counts('tag')).toEqual({ dog: 2 })
  for (let round = 0; round < 4; round++)
    await open.db.transaction().execute(async (trx) => {
      await trx.deleteFrom('photo_tags').where('photo_id', 'in', ids).execute()
      await trx
        .insertInto('photo_tags')
        .values(ids.map((photo_id) => ({ photo_id, tag: `round ${round}`, said_by: 'test', confidence: 1 })))
        .execute()
      await refreshSearchDocuments(trx, ids)
      // in the embedded database nothing else can look meanwhile; on a server it must not take this for seen
      if (open.engine === 'postgres') expect(await counts('tag')).toEqual(round === 0 ? { dog: 2 } : { [`round ${round - 1}`]: 5 })
    })
  expect(await counts('tag')).toEqual({ 'round 3': 5 })
  await open.db.deleteFrom('photos').where('id', '=', ids[0]!).execute()
  expect(await counts('tag')).toEqual({ 'round 3': 4 })
})

it('counts and names albums and clusters, suggests them, and finds them by name', async () => {
  const ids = [await add({ tags: ['dog'] }), await add({ tags: ['dog'] }), await add({})] as const
  const [a, b, c] = ids
  const album = await addToAlbum(open.db, [a, c])
  await open.db.updateTable('albums').set({ name: 'Beach days, 2024' }).execute()
  const clusters = await open.db
    .insertInto('clusters')
    .values([{ name: 'Beaches' }, { name: null }, { name: 'Bees', is_hidden: true }])
    .returning('id')
    .execute()
  for (const [i, photo_id] of ids.entries())
    await open.db.insertInto('cluster_photos').values({ photo_id, cluster_id: clusters[i]!.id, similarity: 1 }).execute()
  expect(await counts('album')).toEqual({ 'Beach days, 2024': 2 })
  expect(await counts('cluster', { tag: 'dog' })).toEqual({ Beaches: 1 })
  // what is asked for keeps its name where nothing is found
  expect((await ask({ q: 'nothing', album })).facets.album?.values).toEqual([{ value: `${album}`, label: 'Beach days, 2024', count: 0 }])
  expect(await suggest('bea')).toEqual(['album Beach days, 2024 2', 'cluster Beaches 1'])
  expect(await suggest('album:d')).toEqual(['album Beach days, 2024 2'])
  expect((await findSuggestions(open.db, index, EVERY_PHOTO, { q: 'sun days', limit: 1 })).suggestions[0]?.q).toBe(
    'sun album:"Beach days, 2024"',
  )
  expect((await ask({ q: 'album:"beach days"' })).total).toBe(2)
  expect((await ask({ q: '-cluster:beaches' })).total).toBe(2)
  await open.db.updateTable('photos').set({ trashed_at: new Date() }).where('id', '=', b).execute()
  expect(await new FacetIndex().groups.count(open.db, null)).toContainEqual({ key: 'album', value: `${album}`, count: 2 })
})

it('reads groups again after seconds, and lets nobody wait for it', async () => {
  let now = 0
  const groups = new GroupIndex(() => now)
  const total = async () => (await groups.count(open.db, null)).find(({ key }) => key === 'album')?.count
  await addToAlbum(open.db, [await add()])
  expect(await total()).toBe(1)
  await open.db.deleteFrom('album_photos').execute()
  expect(await total()).toBe(1)
  now = 6000
  expect(await total()).toBe(1)
  await expect.poll(total).toBeUndefined()
})

it('answers over HTTP, and refuses what it does not know', async () => {
  await add({ tags: ['dog'] })
  await using server = await openTestServer(open)
  const facets = await server.inject('/api/search/facets?q=dog&format=jpeg')
  expect(facets.json()).toMatchObject({ total: 1, facets: { tag: { values: [{ value: 'dog', label: 'dog', count: 1 }], more: 0 } } })
  expect((await server.inject('/api/suggest?q=dog')).json()).toMatchObject({
    suggestions: [{ kind: 'tag', text: 'dog', q: 'dog', count: 1 }],
  })
  for (const url of ['/api/suggest', '/api/suggest?q=', '/api/search/facets?format=exe', '/api/search/facets?where=x'])
    expect((await server.inject(url)).statusCode, url).toBeOneOf([400, 422])
})

it('suggests people, tags, categories and words, the most frequent first', async () => {
  await add({ tags: ['beach', 'teddy bear'], people: ['Béatrice Müller'], text: 'Beanstalk 東京' })
  await add({ tags: ['beach', 'bear'], filename: 'beacon-01.jpg' })
  expect(await suggest('bea')).toEqual([
    'tag beach 2',
    'person Béatrice Müller 1',
    'tag bear 1',
    'tag teddy bear 1',
    'word beacon 1',
    'word beanstalk 1',
  ])
  expect(await suggest('sunny MULL')).toEqual(['person Béatrice Müller 1'])
  expect(await suggest('anim', 1)).toEqual(['category animals 1'])
  expect(await suggest('baech')).toEqual(['tag beach 2'])
  expect(await suggest('zzz')).toEqual([])
  const [first] = (await findSuggestions(open.db, index, EVERY_PHOTO, { q: 'red "teddy b', limit: 1 })).suggestions
  expect(first?.q).toBe('red "teddy bear"')
  // what is left out is what is completed
  expect((await findSuggestions(open.db, index, EVERY_PHOTO, { q: 'sunny -bea', limit: 1 })).suggestions[0]?.q).toBe('sunny -beach')
  for (const q of ["'", '%', '_', '\\', '"', "a'b", '-', '東', 'a'.repeat(100)]) expect(await suggest(q), q).toBeInstanceOf(Array)
})

it('a word for a colour means the colour first, and says so', async () => {
  await add({ tags: ['orange', 'orange juice'], colours: ['green'] })
  await add({ colours: ['orange', 'grey'] })
  expect(await suggest('orange')).toEqual(['colour orange 1', 'tag orange 1', 'tag orange juice 1'])
  expect((await findSuggestions(open.db, index, EVERY_PHOTO, { q: 'cat orange', limit: 1 })).suggestions[0]?.q).toBe('cat colour:orange')
  expect(await suggest('gray')).toEqual(['colour grey 1'])
  // a beginning fits too many
  expect(await suggest('oran', 1)).toEqual(['tag orange 1'])
  expect(await suggest('gre')).not.toContain('colour green 1')
})

it('suggests words while the values of all photos are still being read', async () => {
  await add({ tags: ['beach'] })
  class Filling extends FacetIndex {
    override warm = () => new Promise<void>(() => {})
    override get isFilled() {
      return false
    }
  }
  const { suggestions } = await findSuggestions(open.db, new Filling(), EVERY_PHOTO, { q: 'bea', limit: 8 })
  expect(suggestions.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['word beach'])
})
