/** @file Albums: by hand with order, cover and nesting; saved searches that fill themselves; undo; what deletion leaves; two at once. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { AlbumChange, AlbumReport, SimilarAlbums } from '../../../src/contract/albums.ts'
import type { EditReport } from '../../../src/contract/edits.ts'
import { LOOK_SPACE } from '../../../src/domain/likeness/look.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'
import { addVectors, unit } from '../../support/search.ts'

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
const post = async <T>(url: string, payload: object = {}) => {
  const answer = await call('POST', url, payload)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<T>()
}
const undo = (edit: number | null) => post<EditReport>(`/api/edits/${edit}/undo`)
const make = (input: object) => post<AlbumReport>('/api/albums', input)
const read = async (id: number) => (await call('GET', `/api/albums/${id}`)).json<AlbumReport>()
async function photosOf(id: number, limit = 2): Promise<number[]> {
  const ids: number[] = []
  let cursor = ''
  for (;;) {
    const page = (await call('GET', `/api/albums/${id}/photos?limit=${limit}${cursor}`)).json()
    ids.push(...page.photos.map((photo: { id: number }) => photo.id))
    if (page.next === null) return ids
    cursor = `&cursor=${page.next}`
  }
}
async function addPhotos(count: number): Promise<number[]> {
  const ids: number[] = []
  while (ids.length < count) ids.push(await addPhoto(database.db))
  return ids
}
const found = async (query: string) => (await call('GET', `/api/search?${query}`)).json<{ total: number }>().total

it('keep the order they are given, photo by photo, whatever is moved; each change can be undone', async () => {
  const [a, b, c, d] = (await addPhotos(4)) as [number, number, number, number]
  const { id } = await make({ name: 'Trip', photos: { ids: [c, a, b, c] } })
  expect(await photosOf(id)).toEqual([c, a, b])
  const added = await post<AlbumChange>(`/api/albums/${id}/add`, { photos: { ids: [a, d, 999] } })
  expect(added).toMatchObject({ what: 'added', asked: 3, changed: 1 })
  const moved = await post<AlbumChange>(`/api/albums/${id}/move`, { ids: [d, b], before: a })
  expect(await photosOf(id)).toEqual([c, d, b, a])
  await post(`/api/albums/${id}/move`, { ids: [b], before: c })
  await post(`/api/albums/${id}/move`, { ids: [c], before: null })
  expect(await photosOf(id)).toEqual([b, d, a, c])
  expect(await undo(moved.edit)).toMatchObject({ area: 'albums', summary: 'undid: moved photos in the album Trip' })
  const removed = await post<AlbumChange>(`/api/albums/${id}/remove`, { photos: { ids: [a, d] } })
  expect(await photosOf(id)).toEqual([b, c])
  expect(await undo(removed.edit)).toMatchObject({ changed: 2, conflicts: 0 })
  expect((await photosOf(id)).toSorted()).toEqual([a, b, c, d].toSorted())
  expect((await call('POST', `/api/edits/${removed.edit}/undo`)).statusCode).toBe(409)
  await undo(added.edit)
  expect((await photosOf(id)).toSorted()).toEqual([a, b, c].toSorted())
})

it('always find room for one more between two', async () => {
  const ids = await addPhotos(3)
  const { id } = await make({ name: 'Tight', photos: { ids } })
  for (let turn = 0; turn < 60; turn++) {
    const [, second, third] = await photosOf(id, 10)
    await post(`/api/albums/${id}/move`, { ids: [third], before: second })
    expect((await photosOf(id, 10))[1]).toBe(third)
  }
})

it('take all photos a search finds, are a filter, and are told on the photo', async () => {
  const dogs = [await addPhoto(database.db, { tags: ['dog'] }), await addPhoto(database.db, { tags: ['dog'] })]
  const cat = await addPhoto(database.db, { tags: ['cat'] })
  const { id } = await make({ name: 'Dogs', photos: { search: { tag: ['dog'] } } })
  await make({ name: 'Cats', photos: { ids: [cat] } })
  expect(await read(id)).toMatchObject({ kind: 'by-hand', count: 2, covers: [{ id: dogs[0] }, { id: dogs[1] }], first_day: '2024-03-15' })
  expect(await found(`album=${id}`)).toBe(2)
  expect(await found(`where={"not":{"album":[${id}]}}`)).toBe(1)
  expect((await call('GET', `/api/photos/${dogs[0]}`)).json().albums).toEqual([{ id, name: 'Dogs' }])
  expect(await post(`/api/albums/${id}/remove`, { photos: { search: { tag: ['dog'] } } })).toMatchObject({ changed: 2 })
  expect(await found(`album=${id}`)).toBe(0)
})

it('saved searches fill themselves and are opened in the order of the search', async () => {
  const old = await addPhoto(database.db, { tags: ['fjord'], day: '2020-01-01' })
  const { id } = await make({ name: 'Fjords', search: { q: 'fjord', mode: 'keyword' } })
  expect(await read(id)).toMatchObject({ kind: 'by-search', count: 1, search: { q: 'fjord', mode: 'keyword' } })
  const fresh = await addPhoto(database.db, { tags: ['fjord'], day: '2024-01-01' })
  // what the pipeline tells when a photo is done; here an edit does
  await post('/api/albums', { name: 'another' })
  await expect.poll(async () => (await read(id)).count).toBe(2)
  expect((await photosOf(id, 1)).toSorted()).toEqual([old, fresh].toSorted())
  expect(await found(`album=${id}`)).toBe(2)
  expect((await call('POST', `/api/albums/${id}/add`, { photos: { ids: [old] } })).statusCode).toBe(409)
  const changed = await call('PATCH', `/api/albums/${id}`, { search: { from: '2023-01-01' } })
  expect(changed.json()).toMatchObject({ count: 1 })
  const like = await make({ name: 'Like it', search: { like: old } })
  await database.db.deleteFrom('photos').where('id', '=', old).execute()
  await post('/api/albums', { name: 'one more' })
  await expect.poll(async () => (await read(like.id)).problem).toContain(`no photo ${old}`)
})

it('lie within each other, never within themselves; deleting one deletes no photo and can be taken back', async () => {
  const [a, b] = (await addPhotos(2)) as [number, number]
  const year = await make({ name: '2024' })
  const trip = await make({ name: 'Oslo', parent_id: year.id, photos: { ids: [a, b] } })
  const patch = async (id: number, body: object) => call('PATCH', `/api/albums/${id}`, body)
  expect((await patch(year.id, { parent_id: trip.id })).statusCode).toBe(422)
  expect((await patch(year.id, { parent_id: year.id })).statusCode).toBe(422)
  const { edit } = (await call('DELETE', `/api/albums/${year.id}`)).json<{ edit: number }>()
  expect(await read(trip.id)).toMatchObject({ parent_id: null, count: 2 })
  expect((await call('GET', `/api/albums/${year.id}`)).statusCode).toBe(404)
  const { edits } = (await call('GET', '/api/edits')).json<{ edits: EditReport[] }>()
  expect(edits.map(({ id, area, summary }) => [id, area, summary])).toEqual([
    [edit, 'albums', 'deleted the album 2024'],
    [expect.any(Number), 'albums', 'put into the album Oslo'],
  ])
  await undo(edit)
  expect(await read(trip.id)).toMatchObject({ parent_id: year.id })
  await call('DELETE', `/api/albums/${trip.id}`)
  // what was changed in it waits until it is there again
  expect((await call('POST', `/api/edits/${edits[1]?.id}/undo`)).statusCode).toBe(409)
  expect(await found('')).toBe(2)
  expect(await found(`album=${trip.id}`)).toBe(0)
  expect((await call('GET', `/api/photos/${a}`)).json().albums).toEqual([])
})

it('a cover is one of the photos, and goes when its photo goes', async () => {
  const [a, b, c] = (await addPhotos(3)) as [number, number, number]
  const { id } = await make({ name: 'Covered', photos: { ids: [a, b] } })
  const cover = async (photo: number | null) => call('PATCH', `/api/albums/${id}`, { cover_photo_id: photo })
  expect((await cover(c)).statusCode).toBe(422)
  expect((await cover(b)).json()).toMatchObject({ cover_photo_id: b, covers: [{ id: b }] })
  await post(`/api/albums/${id}/remove`, { photos: { ids: [b] } })
  expect(await read(id)).toMatchObject({ cover_photo_id: null, covers: [{ id: a }] })
  await cover(a)
  await database.db.deleteFrom('photos').where('id', '=', a).execute()
  expect(await read(id)).toMatchObject({ cover_photo_id: null, covers: [], count: 0 })
})

it('two edits at once keep both, or say which lost', async () => {
  const ids = await addPhotos(4)
  const { id, version } = await make({ name: 'Ours' })
  await Promise.all(ids.map((photo) => post(`/api/albums/${id}/add`, { photos: { ids: [photo] } })))
  expect((await photosOf(id)).toSorted()).toEqual(ids.toSorted())
  expect((await call('PATCH', `/api/albums/${id}`, { name: 'Mine', version })).json()).toMatchObject({ version: version + 1 })
  const late = await call('PATCH', `/api/albums/${id}`, { name: 'Yours', version })
  expect([late.statusCode, late.json().detail]).toEqual([409, expect.stringContaining('changed meanwhile')])
})

const similar = async (query: string) => (await call('GET', `/api/albums/similar?${query}`)).json<SimilarAlbums>()
const membersOf = (album: SimilarAlbums['albums'][number]) => [album.photo.id, ...album.photos.map(({ photo }) => photo.id)]

it('of similar photos: several groups a call, each within the measured cut-off; others on each call, the same by the same seed', async () => {
  const giraffes = await addPhotos(10)
  const bracelets = await addPhotos(8)
  const lonely = await addPhotos(2)
  await addVectors(database.db, LOOK_SPACE, [
    ...giraffes.map((id, at) => [id, unit(1, at / 40, 0, 0)] as const),
    ...bracelets.map((id, at) => [id, unit(0.3, 0, 1, at / 40)] as const), // 1 − cosine of about 0.7, far within L2 1.5
    ...lonely.map((id, at) => [id, unit(0, at - 0.5, 0, -1)] as const),
  ])
  const first = await similar('seed=7')
  expect(first).toMatchObject({ seed: 7, space: LOOK_SPACE, max_distance: Math.sqrt(2 * 0.289), notice: null })
  expect(first.albums).toHaveLength(2)
  for (const album of first.albums) {
    const own = giraffes.includes(album.photo.id) ? giraffes : bracelets
    expect(membersOf(album).toSorted()).toEqual(own.toSorted())
    expect(album.photos.every(({ distance }) => distance <= first.max_distance)).toBe(true)
  }
  expect(await similar('seed=7')).toEqual(first)
  const drawn = await Promise.all(
    [1, 2, 3, 4, 5].map(async (seed) => JSON.stringify((await similar(`seed=${seed}`)).albums.map(membersOf))),
  )
  expect(new Set(drawn).size).toBeGreaterThan(3)
  expect((await similar('seed=7&albums=1')).albums).toHaveLength(1)
  const [like] = (await similar(`photo_id=${giraffes[0]}`)).albums
  expect(membersOf(like!).toSorted()).toEqual(giraffes.toSorted())
  expect(await similar(`photo_id=${lonely[0]}`)).toMatchObject({
    albums: [{ photos: [] }],
    notice: expect.stringContaining('others like it'),
  })
})

it('of similar photos: without a measured cut-off the nearest are taken, and the answer says so', async () => {
  const ids = await addPhotos(12)
  await addVectors(
    database.db,
    'builtin/look-unmeasured',
    ids.map((id, at) => [id, unit(1, at < 9 ? at / 20 : -40)] as const),
  )
  const answer = await similar(`photo_id=${ids[0]}&limit=2&seed=3`)
  expect(answer).toMatchObject({ max_distance: 1.5, notice: expect.stringContaining('no limit of similarity has been measured') })
  expect(ids.slice(0, 7)).toEqual(expect.arrayContaining(membersOf(answer.albums[0]!)))
  expect((await similar('seed=1')).albums.length).toBeGreaterThan(0)
})

it('of similar photos: among unlike ones one is shown by itself, and the answer says so', async () => {
  const ids = await addPhotos(3)
  await addVectors(
    database.db,
    LOOK_SPACE,
    ids.map((id, at) => [id, unit(at === 0 ? 1 : 0, at === 1 ? 1 : 0, at === 2 ? 1 : 0)] as const),
  )
  const { albums, notice } = await similar('seed=2')
  expect(albums).toMatchObject([{ photos: [] }])
  expect(ids).toContain(albums[0]?.photo.id)
  expect(notice).toContain('others like it')
})

it('of similar photos: none in an empty library', async () => {
  expect(await similar('')).toMatchObject({ albums: [], notice: 'There are no photos yet.' })
})

it('what makes no sense is refused in words', async () => {
  const status = async (method: Method, url: string, payload?: object) => (await call(method, url, payload)).statusCode
  const { id } = await make({ name: 'x' })
  expect(await status('POST', '/api/albums', { name: ' ' })).toBe(422)
  expect(await status('POST', '/api/albums', { name: 'x', parent_id: 4711 })).toBe(404)
  expect(await status('POST', '/api/albums', { name: 'x', search: { q: 'a' }, photos: { ids: [1] } })).toBe(422)
  expect(await status('POST', `/api/albums/4711/add`, { photos: { ids: [1] } })).toBe(404)
  expect(await status('POST', `/api/albums/${id}/move`, { ids: [1], before: 1 })).toBe(422)
  expect(await status('GET', `/api/albums/${id}/photos?cursor=nonsense`)).toBe(400)
  expect(await status('GET', '/api/albums/similar?photo_id=99')).toBe(404)
})
