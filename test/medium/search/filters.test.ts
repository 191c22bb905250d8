import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SearchQuery } from '../../../src/contract/search.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto, type PhotoOptions } from '../../support/library.ts'
import { type Ask, addVectors, idsOf, makeSearch, makeTextEmbedder, unit } from '../../support/search.ts'

let open: TestDatabase
let ask: Ask
beforeAll(async () => {
  open = await openTestDatabase()
  ask = makeSearch(open.db)
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))
const add = (options?: PhotoOptions) => addPhoto(open.db, options)
const link = (a: number, b: number, kind: 'same-picture' | 'edited' = 'same-picture') =>
  open.db
    .insertInto('duplicates')
    .values({ photo_id_1: Math.min(a, b), photo_id_2: Math.max(a, b), kind, hamming_distance: 1 })
    .execute()
const personId = async (name: string) =>
  (await open.db.selectFrom('people').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id

describe('each filter', () => {
  it('category: any of them, in any case; unknown ones keep nothing', async () => {
    const pizza = await add({ tags: ['pizza', 'dining table'] })
    const dog = await add({ tags: ['dog'] })
    await add({ tags: ['unmapped'] })
    expect(idsOf(await ask({ category: 'food' }))).toEqual([pizza])
    expect(idsOf(await ask({ category: ['Food', 'ANIMALS'] }))).toEqual([dog, pizza])
    expect(idsOf(await ask({ category: 'no such thing' }))).toEqual([])
    expect((await ask({ category: '' })).total).toBe(3)
  })

  it('category: a tag belongs where the things it is a kind of belong', async () => {
    const beagle = await add({ tags: ['beagle'] })
    const minivan = await add({ tags: ['minivan'] })
    await add({ tags: ['cloud'] })
    expect(idsOf(await ask({ category: 'animals' }))).toEqual([beagle])
    expect(idsOf(await ask({ category: 'vehicles' }))).toEqual([minivan])
  })

  it('from and to: both days count', async () => {
    const [a, b, c] = [await add({ day: '2024-01-01' }), await add({ day: '2024-01-02' }), await add({ day: '2024-01-03' })]
    expect(idsOf(await ask({ from: '2024-01-02' }))).toEqual([c, b])
    expect(idsOf(await ask({ to: '2024-01-02' }))).toEqual([b, a])
    expect(idsOf(await ask({ from: '2024-01-02', to: '2024-01-02' }))).toEqual([b])
    expect(await ask({ from: '2024-02-01', to: '2023-01-01' })).toMatchObject({ total: 0, next: null })
    // when it came into the library, which is another day
    const came = (id: number, at: string) =>
      open.db
        .updateTable('photos')
        .set({ created_at: new Date(at) })
        .where('id', '=', id)
        .execute()
    await came(a, '2025-03-01T23:59:59.999Z')
    await came(b, '2025-03-02T00:00:00Z')
    await came(c, '2025-03-03T00:00:00Z')
    expect(idsOf(await ask({ added_from: '2025-03-02' }))).toEqual([c, b])
    expect(idsOf(await ask({ added_to: '2025-03-02' }))).toEqual([b, a])
    expect(idsOf(await ask({ added_from: '2025-03-02', added_to: '2025-03-02', from: '2024-01-02' }))).toEqual([b])
  })

  it('people: all, any, none of them', async () => {
    const both = await add({ people: ['Anna', 'Tom'] })
    const anna = await add({ people: ['Anna'] })
    const ids = [await personId('Anna'), await personId('Tom')]
    expect(idsOf(await ask({ people: ids[0] }))).toEqual([anna, both])
    expect(idsOf(await ask({ people: ids.join(',') }))).toEqual([both])
    expect(idsOf(await ask({ people: '999' }))).toEqual([])
    const tom = await add({ people: ['Tom'] })
    const nobody = await add({})
    expect(idsOf(await ask({ people_any: ids.join(',') }))).toEqual([tom, anna, both])
    expect(idsOf(await ask({ people_none: ids[0] }))).toEqual([nobody, tom])
    expect(idsOf(await ask({ people_any: ids.join(','), people_none: ids[0] }))).toEqual([tom])
  })

  it('state: any of them', async () => {
    const failed = await add({ state: 'failed' })
    const partial = await add({ state: 'partial' })
    await add({})
    expect(idsOf(await ask({ state: 'failed' }))).toEqual([failed])
    expect(idsOf(await ask({ state: ['partial', 'failed'] }))).toEqual([partial, failed])
    await expect(async () => ask({ state: 'broken' })).rejects.toThrow()
  })

  it('files that could not be read: only where it is asked how photos stand', async () => {
    const good = await add({ filename: 'holiday 1.jpg' })
    const failed = await add({ filename: 'holiday 2.jpg', state: 'failed' })
    const hidden: Record<string, unknown>[] = [
      {},
      { q: 'holiday' },
      { q: 'holiday', mode: 'keyword' },
      { from: '2000-01-01' },
      { q: 'holiday', from: '2000-01-01' },
    ]
    for (const query of hidden) expect(await ask(query), JSON.stringify(query)).toMatchObject({ total: 1, hits: [{ photo: { id: good } }] })
    expect(idsOf(await ask({ q: 'holiday 2' }))).toEqual([good])
    for (const query of [{ q: 'holiday', state: 'failed' }, { q: 'holiday is:failed' }, { where: '{"all":[{"state":["failed"]}]}' }])
      expect(idsOf(await ask(query)), JSON.stringify(query)).toEqual([failed])
    // read at last, it is a photo as any
    await open.db.updateTable('photos').set({ state: 'completed' }).where('id', '=', failed).execute()
    expect((await ask({ q: 'holiday' })).total).toBe(2)
  })

  it.each<[string, PhotoOptions, PhotoOptions, Record<string, unknown>]>([
    ['tag: all of them', { tags: ['dog', 'beach'] }, { tags: ['dog'] }, { tag: 'Dog,beach' }],
    ['has_faces', { people: ['Anna'] }, {}, { has_faces: '1' }],
    ['has_faces: without', {}, { people: ['Anna'] }, { has_faces: 'no' }],
    ['faces: a range', { people: ['Anna', 'Tom'] }, { people: ['Anna'] }, { faces: '2-3' }],
    ['faces: a number', { people: ['Anna'] }, { people: ['Anna', 'Tom'] }, { faces: '1' }],
    ['rating: from', { metadata: { rating: 4 } }, { metadata: { rating: 3 } }, { rating: '3.5-' }],
    ['rating: unrated is not 0', { metadata: { rating: 0 } }, { metadata: {} }, { rating: '-2' }],
    ['colour: any', { colours: ['red', 'navy'] }, { colours: ['pink'] }, { colour: 'blue,Navy' }],
    ['camera', { metadata: { camera_model: 'NIKON Z 6' } }, { metadata: { camera_model: 'X-T4' } }, { camera: 'nikon z 6' }],
    ['lens', { metadata: { lens: 'XF23mmF2 R WR' } }, {}, { lens: 'xf23mmf2 r wr' }],
    ['city', { metadata: { city: 'Zürich' } }, { metadata: { city: 'Bern' } }, { city: 'zürich' }],
    ['country', { metadata: { country: 'Norway' } }, { metadata: { country: 'Spain' } }, { country: ['norway', 'Italy'] }],
    [
      'near, over the date line',
      { metadata: { latitude: -16.5, longitude: 179.95 } },
      { metadata: { latitude: -16.5, longitude: 179.5 } },
      { near: '-16.5,-179.95,20' },
    ],
    [
      'area',
      { metadata: { latitude: 59.9, longitude: 10.7 } },
      { metadata: { latitude: 59.9, longitude: 11.1 } },
      { area: '59.8,10.6,60,10.9' },
    ],
    [
      'area, over the date line',
      { metadata: { latitude: -16.5, longitude: -179.95 } },
      { metadata: { latitude: -16.5, longitude: 10 } },
      { area: '-20,170,-10,-170' },
    ],
    [
      'near, 10 km unless said',
      { metadata: { latitude: 59.95, longitude: 10.75 } },
      { metadata: { latitude: 60.05, longitude: 10.75 } },
      { near: '59.91,10.75' },
    ],
    ['orientation: any', { width: 1000, height: 990 }, { width: 1000, height: 900 }, { orientation: 'square,portrait' }],
    ['orientation: panorama', { width: 900, height: 2000 }, { width: 1000, height: 900 }, { orientation: 'panorama' }],
    ['megapixels', { width: 4000, height: 3000 }, { width: 1000, height: 900 }, { megapixels: '11.9-12' }],
    ['format', { format: 'heic' }, {}, { format: 'heic,png' }],
  ])('%s', async (_, wanted, other, query) => {
    const id = await add(wanted)
    await add(other)
    expect(idsOf(await ask(query))).toEqual([id])
  })

  it('source, missing, has_duplicates', async () => {
    const [gone, there, copy] = [await add(), await add(), await add()]
    const source = await open.db.insertInto('sources').values({ kind: 'folder', path: '/p' }).returning('id').executeTakeFirstOrThrow()
    const file = { source_id: source.id, path: 'a.jpg', filename: 'a.jpg', bytes: 1, modified_ms: 1 }
    await open.db
      .insertInto('photo_files')
      .values({ ...file, photo_id: there })
      .execute()
    await open.db.updateTable('photos').set({ missing_since: new Date() }).where('id', '=', gone).execute()
    await link(there, copy, 'edited')
    expect(idsOf(await ask({ source: source.id }))).toEqual([there])
    expect(idsOf(await ask({ missing: true }))).toEqual([gone])
    expect(idsOf(await ask({ missing: false }))).toEqual([copy, there])
    expect(idsOf(await ask({ has_duplicates: true }))).toEqual([copy, there])
    expect(idsOf(await ask({ has_duplicates: false }))).toEqual([gone])
  })

  it('rating and favourite: a person’s word stands over the file’s', async () => {
    const [raised, lowered, unrated] = [
      await add({ metadata: { rating: 1 } }),
      await add({ metadata: { rating: 5 } }),
      await add({ metadata: { rating: 5 } }),
    ]
    const decide = (photo_id: number, field: 'rating' | 'favourite', value: unknown) =>
      open.db
        .insertInto('decisions')
        .values({ photo_id, field, value: JSON.stringify(value) })
        .execute()
    await decide(raised, 'rating', 5)
    await decide(lowered, 'rating', 2)
    await decide(unrated, 'rating', null)
    await decide(raised, 'favourite', true)
    await decide(lowered, 'favourite', false)
    expect(idsOf(await ask({ rating: '4-' }))).toEqual([raised])
    expect(idsOf(await ask({ rating: '-3' }))).toEqual([lowered])
    expect(idsOf(await ask({ favourite: true }))).toEqual([raised])
    expect(idsOf(await ask({ favourite: false }))).toEqual([unrated, lowered])
  })

  it('refuses what is no range, no place, no known word', () => {
    for (const query of [
      { faces: 'many' },
      { faces: '-' },
      { near: '95,0,1' },
      { near: 'Oslo' },
      { area: '60,10,59,11' },
      { area: '1,2,3' },
      { area: '1,2,3,181' },
      { format: 'exe' },
      { orientation: 'round' },
      { rating: '4-5-6' },
    ])
      expect(() => SearchQuery.parse(query), JSON.stringify(query)).toThrow()
  })

  it('has_text: with, or without', async () => {
    const text = await add({ text: 'hello' })
    const empty = await add({ text: '' })
    const none = await add({})
    expect(idsOf(await ask({ has_text: 'true' }))).toEqual([text])
    expect(idsOf(await ask({ has_text: '0' }))).toEqual([none, empty])
  })
})

describe('hide_duplicates', () => {
  it('shows the picture with most pixels, of equals the oldest; edits stay', async () => {
    const small = await add({ width: 100, height: 100 })
    const large = await add({ width: 2000, height: 1000 })
    const equal = await add({ width: 1000, height: 2000 })
    const edited = await add({ width: 50, height: 50 })
    const unmeasured = await add({ width: 10, height: 10 })
    await open.db.updateTable('photos').set({ width: null }).where('id', '=', unmeasured).execute()
    await link(small, large)
    await link(large, equal)
    await link(small, equal)
    await link(large, edited, 'edited')
    await link(unmeasured, small)
    const answer = await ask({ hide_duplicates: true })
    expect(idsOf(answer)).toEqual([edited, large])
    expect(answer.total).toBe(2)
    expect((await ask({ hide_duplicates: false })).total).toBe(5)
  })

  it('never makes a set vanish: a better copy that the rest of the query does not keep hides nothing', async () => {
    const small = await add({ width: 100, height: 100, day: '2024-01-02', filename: 'holiday-small.jpg', tags: ['dog'] })
    const large = await add({ width: 2000, height: 1000, day: '2024-01-01', filename: 'IMG_1.jpg', tags: ['dog'] })
    await link(small, large)
    expect(idsOf(await ask({ hide_duplicates: true }))).toEqual([large])
    expect(idsOf(await ask({ hide_duplicates: true, from: '2024-01-02' }))).toEqual([small])
    expect(idsOf(await ask({ hide_duplicates: true, q: 'holiday' }))).toEqual([small])
    expect(idsOf(await ask({ hide_duplicates: true, q: 'dog' }))).toEqual([large])
    expect(idsOf(await ask({ hide_duplicates: true, q: 'dog -img' }))).toEqual([small])
  })

  it('holds across lists: of a set found by words and by meaning one stays', async () => {
    const small = await add({ width: 100, height: 100, filename: 'holiday.jpg' })
    const large = await add({ width: 2000, height: 1000 })
    await link(small, large)
    const spaceId = await addVectors(open.db, 'm', [
      [small, unit(1, 0)],
      [large, unit(1, 0)],
    ])
    const search = makeSearch(open.db, {
      textEmbedder: () => Promise.resolve(makeTextEmbedder('m', 2, { holiday: unit(1, 0) })),
      activeSpace: () => Promise.resolve({ id: spaceId, name: 'm' }),
    })
    expect(idsOf(await search({ q: 'holiday', hide_duplicates: true }))).toEqual([large])
    // the better copy is not in the space yet: the other must not vanish from a list that cannot hold it
    await open.db.deleteFrom('embeddings').where('photo_id', '=', large).execute()
    expect(idsOf(await search({ q: 'holiday', mode: 'semantic', hide_duplicates: true }))).toEqual([small])
  })
})

describe('filters joined (where)', () => {
  const where = (expression: object) => ask({ where: JSON.stringify(expression) })
  it('all, any and not, in each other and beside plain filters', async () => {
    const dog = await add({ tags: ['dog'], day: '2024-01-01' })
    const cat = await add({ tags: ['cat'], state: 'partial' })
    const pizza = await add({ tags: ['pizza'], day: '2020-01-01', width: 900, height: 2000 })
    const unmeasured = await add({ tags: ['sky'] })
    await open.db.updateTable('photos').set({ width: null }).where('id', '=', unmeasured).execute()
    expect(idsOf(await where({ any: [{ tag: ['dog'] }, { category: ['food'] }] }))).toEqual([dog, pizza])
    expect(idsOf(await where({ not: { state: ['partial'] } }))).toEqual([unmeasured, dog, pizza])
    expect(idsOf(await where({ not: { orientation: ['panorama'] } }))).toEqual([unmeasured, cat, dog])
    expect(idsOf(await where({ all: [{ not: { any: [{ tag: ['dog'] }, { tag: ['sky'] }] } }, { from: '2021-01-01' }] }))).toEqual([cat])
    expect(idsOf(await ask({ where: '{"not":{"tag":["dog"]}}', category: 'animals' }))).toEqual([cat])
    expect(idsOf(await ask({ q: 'animals', where: '{"not":{"tag":["dog"]}}' }))).toEqual([cat])
    expect((await where({})).total).toBe(4)
  })

  it('says what is wrong, and where', async () => {
    for (const [text, message] of [
      ['{', /not JSON/],
      ['{"any":[]}', /any/],
      ['{"not":{"any":[{"state":["lost"]}]}}', /not\.any\.0\.state/],
      ['{"hide_duplicates":true}', /where/],
      [JSON.stringify({ tag: ['x'], colours: 1 }), /colours/],
    ] as const)
      await expect(ask({ where: text }), text).rejects.toMatchObject({ code: 'bad_request', message: expect.stringMatching(message) })
  })
})

it('filters hold inside every candidate list', async () => {
  const keep = await add({ tags: ['dog'], day: '2024-01-02' })
  const drop = await add({ tags: ['dog'], day: '2020-01-01' })
  const spaceId = await addVectors(open.db, 'm', [
    [keep, unit(0, 1)],
    [drop, unit(1, 0)],
  ])
  const search = makeSearch(open.db, {
    textEmbedder: () => Promise.resolve(makeTextEmbedder('m', 2, { dog: unit(1, 0) })),
    activeSpace: () => Promise.resolve({ id: spaceId, name: 'm' }),
  })
  for (const query of [{ q: 'dog' }, { q: 'dog', mode: 'keyword' }, { q: 'dog', mode: 'semantic' }, { like: drop }, { q: 'dgo' }, {}]) {
    const answer = await search({ ...query, from: '2024-01-01' })
    expect(idsOf(answer), JSON.stringify(query)).not.toContain(drop)
    expect(answer.total).toBe(answer.hits.length)
  }
})
