/** @file What a person changes, over the API: it stands over what machines say, survives their next run, is counted, undone, refused when late. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EditReport, Operation } from '../../../src/contract/edits.ts'
import type { PhotoDetail } from '../../../src/contract/photo.ts'
import { refreshSearchDocument } from '../../../src/document/store.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createEditsTask } from '../../../src/edit/background.ts'
import { continueEdits } from '../../../src/edit/edits.ts'
import { replaceObjects } from '../../../src/pipeline/steps/objects/store.ts'
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

async function call<T>(method: 'GET' | 'POST', url: string, payload?: object): Promise<{ status: number; json: T }> {
  const answer = await app.inject({ method, url, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, json: answer.json() as T }
}
const detail = async (id: number) => (await call<PhotoDetail>('GET', `/api/photos/${id}`)).json
const edit = async (ids: number[], operations: Operation[], more: object = {}) =>
  (await call<EditReport>('POST', '/api/edits', { photos: { ids }, operations, ...more })).json
const find = async (query: string) =>
  (await call<{ hits: { photo: { id: number } }[] }>('GET', `/api/search?mode=keyword&${query}`)).json.hits.map(({ photo }) => photo.id)
const tagsOf = async (id: number) => (await detail(id)).tags.map(({ tag, said_by }) => [tag, said_by])

const DOG = { label: 'dog', confidence: 0.9, box: { x: 0, y: 0, width: 1, height: 1 } }
/** the objects step runs again and finds a dog */
const analyseAgain = (id: number) =>
  database.db.transaction().execute(async (trx) => {
    await replaceObjects(trx, id, [DOG], 'test')
    await refreshSearchDocument(trx, id)
  })

describe('a decision', () => {
  it('stands over what machines say, in detail, filters, search and the described systems, and survives their next run', async () => {
    const id = await addPhoto(database.db, { tags: ['dog'], metadata: { title: 'IMG 1', rating: 2, description: 'from the file' } })
    await edit(
      [id],
      [
        { do: 'remove_tags', tags: ['dog'] },
        { do: 'add_tags', tags: ['Beach'] },
        { do: 'set_rating', rating: 5 },
        { do: 'set_text', field: 'caption', text: 'Low tide at Husum' },
        { do: 'set_text', field: 'title', text: '' },
      ],
    )
    await analyseAgain(id)
    expect(await tagsOf(id)).toEqual([['beach', 'person']])
    expect(await detail(id)).toMatchObject({
      caption: { value: 'Low tide at Husum', said_by: 'person', machine: { value: 'from the file', said_by: 'file' } },
      title: { value: null, said_by: 'person', machine: { value: 'IMG 1', said_by: 'file' } },
      rating: { value: 5, said_by: 'person', machine: { value: 2, said_by: 'file' } },
      alt_text: { value: null, said_by: null, machine: null },
      removed_tags: [{ tag: 'dog', said_by: ['test'] }],
      categories: [{ name: 'landscape', because: ['beach'], said_by: 'tags' }],
    })
    expect(await find('q=husum')).toEqual([id])
    expect(await find('q=beach')).toEqual([id])
    expect(await find('q=dog')).toEqual([])
    expect(await find('category=animals')).toEqual([])
    expect(await find('category=landscape')).toEqual([id])
    const { json } = await call<object[]>('GET', '/photos?format=json')
    expect(json).toMatchObject([{ tags: ['beach'], caption: 'Low tide at Husum' }])
  })

  it('is taken back by “reset”, one field or all', async () => {
    const id = await addPhoto(database.db, { tags: ['dog'], metadata: { rating: 2 } })
    await edit(
      [id],
      [
        { do: 'remove_tags', tags: ['dog'] },
        { do: 'add_tags', tags: ['x'] },
        { do: 'set_rating', rating: null },
      ],
    )
    expect((await detail(id)).rating.value).toBeNull()
    await edit([id], [{ do: 'reset', fields: ['rating'] }])
    expect(await detail(id)).toMatchObject({ rating: { value: 2, said_by: 'file' }, tags: [{ tag: 'x' }] })
    await edit([id], [{ do: 'reset', fields: ['tags', 'caption', 'favourite'] }])
    expect(await tagsOf(id)).toEqual([['dog', 'test']])
    expect(await find('category=animals')).toEqual([id])
  })

  it('puts a photo into a category or takes it out, whatever its tags', async () => {
    const id = await addPhoto(database.db, { tags: ['dog'] })
    await edit(
      [id],
      [
        { do: 'remove_category', category: 'Animals' },
        { do: 'add_category', category: 'food' },
      ],
    )
    expect(await detail(id)).toMatchObject({ categories: [{ name: 'food', said_by: 'person' }], removed_categories: [{ name: 'animals' }] })
    expect([await find('category=animals'), await find('category=food'), await find('q=food')]).toEqual([[], [id], [id]])
    await analyseAgain(id)
    expect(await find('category=animals')).toEqual([])
  })

  it('made on what somebody else has changed meanwhile is refused', async () => {
    const id = await addPhoto(database.db)
    const { version } = await detail(id)
    const first = await call('POST', '/api/edits', { photos: { ids: [id] }, operations: [{ do: 'set_rating', rating: 4 }], version })
    const second = await call('POST', '/api/edits', { photos: { ids: [id] }, operations: [{ do: 'set_rating', rating: 1 }], version })
    expect([first.status, second.status]).toEqual([200, 409])
    expect(second.json).toMatchObject({ code: 'conflict', detail: expect.stringContaining('changed meanwhile') })
    expect((await detail(id)).rating.value).toBe(4)
  })

  it('is refused in words where it makes no sense', async () => {
    const id = await addPhoto(database.db)
    const refuse = async (body: object) => (await call<{ detail: string }>('POST', '/api/edits', body)).status
    const operations = [{ do: 'set_rating', rating: 3 }]
    expect(await refuse({ photos: { ids: [id, 4711] }, operations })).toBe(404)
    expect(await refuse({ photos: { ids: [] }, operations })).toBe(422)
    expect(await refuse({ photos: { ids: [id] }, operations: [{ do: 'set_rating', rating: 6 }] })).toBe(422)
    expect(await refuse({ photos: { ids: [id] }, operations: [{ do: 'add_category', category: 'nowhere' }] })).toBe(404)
    await addPhoto(database.db)
    expect(await refuse({ photos: { search: {} }, operations: [{ do: 'set_text', field: 'title', text: 'a' }] })).toBe(422)
    const shown = await app.inject({ url: `/api/photos/${id}` })
    const tagged = (tag: string) =>
      app.inject({
        method: 'POST',
        url: '/api/edits',
        headers: { 'if-match': tag },
        payload: { photos: { ids: [id] }, operations: [{ do: 'set_rating', rating: 3 }] },
      })
    const tag = String(shown.headers.etag)
    expect([(await tagged(tag)).statusCode, (await tagged(tag)).statusCode, (await tagged('W/"1"')).statusCode]).toEqual([200, 412, 400])
    expect(await refuse({ photos: { search: {} }, operations, version: 1 })).toBe(422)
    expect((await call('GET', '/api/edits/77')).status).toBe(404)
  })
})

describe('undo', () => {
  it('restores exactly what was there, and leaves alone what was decided since', async () => {
    const a = await addPhoto(database.db, { tags: ['dog'] })
    const b = await addPhoto(database.db)
    const before = await edit([a], [{ do: 'set_rating', rating: 1 }])
    const decided = (await detail(a)).rating.said_at
    const bulk = await edit(
      [a, b],
      [
        { do: 'set_rating', rating: 5 },
        { do: 'remove_tags', tags: ['dog'] },
      ],
    )
    expect(bulk).toMatchObject({ state: 'done', photos: 2, changed: 2, summary: 'rated 5 of 5; removed tag dog' })
    await edit([b], [{ do: 'set_rating', rating: 3 }])
    const { json: undone } = await call<EditReport>('POST', `/api/edits/${bulk.id}/undo`)
    expect(undone).toMatchObject({ undo_of: bulk.id, changed: 1, conflicts: 1, state: 'done' })
    expect((await detail(a)).rating).toMatchObject({ value: 1, said_at: decided })
    expect(await tagsOf(a)).toEqual([['dog', 'test']])
    expect((await detail(b)).rating.value).toBe(3)
    expect((await call('POST', `/api/edits/${bulk.id}/undo`)).status).toBe(409)
    expect((await call('POST', `/api/edits/${undone.id}/undo`)).status).toBe(409)
    const { edits } = (await call<{ edits: EditReport[] }>('GET', '/api/edits')).json
    expect(edits.map(({ id, undone_by }) => [id, undone_by])).toEqual([
      [undone.id, null],
      [(bulk.id ?? 0) + 1, null],
      [bulk.id, undone.id],
      [before.id, null],
    ])
  })
})

describe('a bulk edit', () => {
  /** 1,100 photos, more than a batch: every second one a dog */
  async function addMany(): Promise<void> {
    const { db } = database
    const rows = Array.from({ length: 1100 }, (_, i) => ({
      sha256: i.toString(16).padStart(64, '0'),
      bytes: 1,
      filename: `${i}.jpg`,
      sort_at: '2024-01-01T00:00:00Z',
      day: '2024-01-01',
    }))
    const ids = await db.insertInto('photos').values(rows).returning('id').execute()
    const dogs = ids.filter((_, i) => i % 2 === 0).map(({ id }) => ({ photo_id: id, tag: 'dog', said_by: 'test', confidence: 0.5 }))
    await db.insertInto('photo_tags').values(dogs).execute()
    await db
      .insertInto('stale_documents')
      .values(ids.map(({ id }) => ({ photo_id: id })))
      .execute()
    await using work = createEditsTask(db, silentLog)
    work.wake()
    await expect.poll(async () => (await db.selectFrom('stale_documents').select('photo_id').execute()).length).toBe(0)
  }
  const settled = async (id: number | null) => {
    await expect.poll(async () => (await call<EditReport>('GET', `/api/edits/${id}`)).json.state).toBe('done')
    return (await call<EditReport>('GET', `/api/edits/${id}`)).json
  }

  it('of a search is counted, made in the background, resumed after a stop, and undone', async () => {
    await addMany()
    const photos = { search: { category: ['animals'] } }
    const dry = await call<EditReport>('POST', '/api/edits', { photos, operations: [{ do: 'remove_tags', tags: ['dog'] }], dry_run: true })
    expect(dry.json).toMatchObject({ id: null, state: 'counted', photos: 550, changed: 550 })
    expect(await find('category=animals&limit=1')).toHaveLength(1)

    // the process ends after the first batch of all photos
    const stopped = await openTestServer(database, { services: () => ({}) })
    const operations: Operation[] = [
      { do: 'add_tags', tags: ['holiday'] },
      { do: 'remove_tags', tags: ['dog'] },
    ]
    const begun = (
      await stopped.inject({ method: 'POST', url: '/api/edits', payload: { photos: { search: {} }, operations } })
    ).json<EditReport>()
    await stopped.close()
    await continueEdits(database.db, 1000)
    await using work = createEditsTask(database.db, silentLog)
    work.wake()
    expect(await settled(begun.id)).toMatchObject({ photos: 1100, looked_at: 1100, changed: 1100, conflicts: 0 })
    expect(await find('category=animals')).toEqual([])
    const total = async (query: string) => (await call<{ total: number }>('GET', `/api/search?mode=keyword&${query}`)).json.total
    await expect.poll(() => total('q=holiday')).toBe(1100)
    const { json: undone } = await call<EditReport>('POST', `/api/edits/${begun.id}/undo`)
    expect(await settled(undone.id)).toMatchObject({ changed: 1100, conflicts: 0 })
    expect(await total('category=animals')).toBe(550)
    expect(await database.db.selectFrom('decisions').selectAll().execute()).toEqual([])
    await expect.poll(() => total('q=holiday')).toBe(0)
  })
})
