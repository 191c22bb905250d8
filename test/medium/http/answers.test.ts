/** @file What the routes answer over a real library: the contract’s own, and systems A and B field for field. */

import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { textMessage } from '../../../src/contract/messages/message.ts'
import type { MatchReason } from '../../../src/contract/search.ts'
import { PHOTO_STATES, STEP_NAMES } from '../../../src/contract/words.ts'
import { LOOK_SPACE } from '../../../src/domain/likeness/look.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { NO_MODEL, openTestServer } from '../../support/http.ts'
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

const get = async (url: string) => {
  const answer = await app.inject({ method: 'GET', url })
  return { status: answer.statusCode, json: answer.json() }
}

describe('GET /api/photos and /api/days', () => {
  it('lists newest first, in pages, by day', async () => {
    const old = await addPhoto(database.db, { day: '2020-05-01' })
    const newer = await addPhoto(database.db, { day: '2024-07-02' })
    const newest = await addPhoto(database.db, { day: '2024-07-02' })
    const all = await get('/api/photos')
    expect(all.json.total).toBe(3)
    expect(all.json.photos.map((photo: { id: number }) => photo.id)).toEqual([newest, newer, old])
    expect(all.json.photos[0]).toMatchObject({ day: '2024-07-02', width: 4000, missing: false, state: 'completed', taken_at: null })
    expect((await get('/api/photos?skip=1&limit=1')).json.photos.map((photo: { id: number }) => photo.id)).toEqual([newer])
    expect((await get('/api/photos/ids?skip=1')).json).toEqual({ ids: [newer, old], total: 3 })
    // a page by cursor goes on where the last one ended, though a newer photo came in
    const first = (await get('/api/photos?limit=2')).json
    const latest = await addPhoto(database.db, { day: '2025-01-01' })
    const second = (await get(`/api/photos?limit=2&cursor=${first.next}`)).json
    expect(second.photos.map((photo: { id: number }) => photo.id)).toEqual([old])
    expect(second.next).toBeNull()
    expect((await get('/api/photos?cursor=WzEsMl0')).status).toBe(400)
    await database.db.deleteFrom('photos').where('id', '=', latest).execute()
    const day = await get('/api/photos?day=2020-05-01')
    expect(day.json).toMatchObject({ total: 1, photos: [{ id: old }] })
    expect((await get('/api/days')).json).toEqual({
      days: [
        { day: '2024-07-02', count: 2 },
        { day: '2020-05-01', count: 1 },
      ],
      total: 3,
    })
  })

  it('leave out what could not be read, but where it is asked for by its id', async () => {
    const good = await addPhoto(database.db, { day: '2024-07-02' })
    const failed = await addPhoto(database.db, { day: '2024-07-02', state: 'failed' })
    expect((await get('/api/photos')).json).toMatchObject({ total: 1, photos: [{ id: good }] })
    expect((await get('/api/photos?day=2024-07-02')).json).toMatchObject({ total: 1, photos: [{ id: good }] })
    expect((await get('/api/photos/ids')).json).toEqual({ ids: [good], total: 1 })
    expect((await get('/api/days')).json).toEqual({ days: [{ day: '2024-07-02', count: 1 }], total: 1 })
    expect((await get('/api/stats')).json).toMatchObject({ total: 1, states: { failed: 1, completed: 1 } })
    expect((await get('/health')).json.index.photos).toBe(1)
    expect((await get(`/api/photos?ids=${failed},${good}`)).json).toMatchObject({
      total: 2,
      photos: [{ id: failed, state: 'failed' }, { id: good }],
    })
  })
})

describe('GET /api/stats', () => {
  it('has every state and step, also at zero', async () => {
    const { json } = await get('/api/stats')
    expect(json.total).toBe(0)
    expect(Object.keys(json.states)).toEqual([...PHOTO_STATES])
    expect(Object.keys(json.steps)).toEqual([...STEP_NAMES])
    expect(json.steps.ocr).toEqual({ done: 0, failed: 0, skipped: 0, mean_ms: null, p95_ms: null, success_rate: null })
    expect(json).toMatchObject({ models: [], formats: [], growth: [], tags: [], categories: [], faces: { faces: 0, people: 0 } })
  })

  it('counts states, and for steps the mean and the rate', async () => {
    const a = await addPhoto(database.db, { state: 'partial' })
    const b = await addPhoto(database.db)
    const c = await addPhoto(database.db)
    const step = { step: 'ocr', version: 1, lane: 'analyse' } as const
    await database.db
      .insertInto('photo_steps')
      .values([
        { ...step, photo_id: a, state: 'failed', reason: JSON.stringify(textMessage('too dark')) },
        { ...step, photo_id: b, state: 'done', duration_ms: 100 },
        { ...step, photo_id: c, state: 'done', duration_ms: 300 },
        { ...step, step: 'faces', photo_id: c, state: 'skipped' },
        { ...step, step: 'hash', photo_id: c, state: 'due' },
      ])
      .execute()
    const { json } = await get('/api/stats')
    expect(json.total).toBe(3)
    expect(json.states).toMatchObject({ partial: 1, completed: 2, pending: 0 })
    expect(json.steps.ocr).toMatchObject({ done: 2, failed: 1, skipped: 0, mean_ms: 200, success_rate: 2 / 3 })
    expect(json.steps.ocr.p95_ms / 300).toBeCloseTo(1, 1)
    expect(json.steps.faces).toMatchObject({ skipped: 1, success_rate: null })
    expect(json.steps.hash).toMatchObject({ done: 0, failed: 0 })
  })

  it('tells the times of each model: of a hundred runs, the mean and what 95 took at most', async () => {
    const { db } = database
    for (let i = 1; i <= 100; i++)
      await db
        .insertInto('photo_steps')
        .values({
          photo_id: await addPhoto(db),
          step: 'ocr',
          version: 1,
          lane: 'analyse',
          state: i === 100 ? 'failed' : 'done',
          model_id: i <= 90 ? 'pp-ocr@1' : 'other@2',
          duration_ms: i * 10,
          reason: i === 100 ? JSON.stringify(textMessage('too dark')) : null,
        })
        .execute()
    const { models, steps } = (await get('/api/stats')).json
    expect(models).toMatchObject([
      { model: 'pp-ocr@1', step: 'ocr', done: 90, failed: 0, success_rate: 1, mean_ms: 455 },
      { model: 'other@2', step: 'ocr', done: 9, failed: 1, success_rate: 0.9, mean_ms: 950 },
    ])
    expect(Math.abs(steps.ocr.p95_ms - 950)).toBeLessThan(950 * 0.03)
    expect(Math.abs(models[0].p95_ms - 860)).toBeLessThan(860 * 0.03)
  })

  it('tells formats, storage, growth, tags, categories, duplicates, and faces; the trash apart', async () => {
    const { db } = database
    const ids = [
      await addPhoto(db, { tags: ['dog', 'park'], people: ['Ada'], format: 'jpeg', bytes: 100 }),
      await addPhoto(db, { tags: ['dog'], format: 'jpeg', bytes: 200 }),
      await addPhoto(db, { tags: ['dog'], format: 'png', bytes: 400 }),
    ] as const
    await sql`update photos set created_at = ${'2026-01-15'} where id = ${ids[0]}`.execute(db)
    await sql`update photos set created_at = ${'2026-03-15'} where id = ${ids[1]}`.execute(db)
    await sql`update photos set trashed_at = now() where id = ${ids[2]}`.execute(db)
    await db
      .insertInto('photo_renditions')
      .values({ photo_id: ids[0], kind: 'thumbnail', bytes: 7, sha256: '0'.repeat(64) })
      .execute()
    const set = await db
      .insertInto('duplicate_sets')
      .values({ kind: 'burst', representative_id: ids[0] })
      .returning('id')
      .executeTakeFirstOrThrow()
    await db.insertInto('duplicate_members').values({ set_id: set.id, photo_id: ids[1] }).execute()
    const { json } = await get('/api/stats')
    expect(json).toMatchObject({
      formats: [{ format: 'jpeg', photos: 2, bytes: 300 }],
      storage: { originals_bytes: 300, renditions_bytes: 7, trash_bytes: 400 },
      growth: [
        { month: '2026-01', added: 1, total: 1 },
        { month: '2026-03', added: 1, total: 2 },
      ],
      faces: { faces: 1, named: 1, people: 1, photos: 1 },
    })
    expect(json.tags).toEqual([
      { tag: 'dog', photos: 2 },
      { tag: 'park', photos: 1 },
    ])
    expect(json.categories).toContainEqual({ category: 'animals', photos: 2 })
    expect(json.duplicates).toContainEqual({ kind: 'burst', sets: 1, photos: 1 })
  })
})

describe('GET /health, /live, /ready', () => {
  it('tells index, models and lanes', async () => {
    await addPhoto(database.db, { text: 'hello', people: ['Ada'] })
    const { status, json } = await get('/health')
    expect(status).toBe(200)
    expect(json).toMatchObject({
      status: 'ok',
      database: database.engine,
      index: { photos: 1, with_text: 1, faces: 1, spaces: [] },
      notices: ['no model for search by meaning is installed'],
    })
  })

  it('is alive but not ready when the database does not answer, and says why', async () => {
    await app.close()
    const gone = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }))
    app = await openTestServer(database, {
      services: ({ library }) => ({ library: { ...library, ping: gone, stats: gone, indexCounts: gone } }),
    })
    expect((await get('/live')).json).toEqual({ status: 'ok' })
    const ready = await app.inject('/ready')
    expect(ready.statusCode).toBe(503)
    expect(ready.headers['retry-after']).toBeDefined()
    expect(ready.json()).toMatchObject({ detail: 'the database does not answer: connect ECONNREFUSED 127.0.0.1:5432', code: 'unavailable' })
    expect((await get('/health')).status).toBe(503)
    expect((await get('/api/stats')).status).toBe(503)
  })
})

describe('categories and people', () => {
  it('counts a photo once per category, and people by photos', async () => {
    await addPhoto(database.db, { tags: ['dog', 'cat'], people: ['Ada', 'Bob'] })
    await addPhoto(database.db, { tags: ['dog'], people: ['Ada'] })
    const { categories } = (await get('/api/categories')).json
    expect(categories).toContainEqual(expect.objectContaining({ name: 'animals', count: 2 }))
    expect(categories).toContainEqual(expect.objectContaining({ name: 'food', count: 0 }))
    expect((await get('/api/people')).json.people).toMatchObject([
      { id: 1, name: 'Ada', count: 2 },
      { id: 2, name: 'Bob', count: 1 },
    ])
  })
})

describe('system A', () => {
  it('GET /photo/{id} has exactly its fields, with the vector of the model before that of look', async () => {
    const id = await addPhoto(database.db, { filename: 'a.jpg', tags: ['dog'], metadata: { description: 'My dog' } })
    const spaces = await database.db
      .insertInto('spaces')
      .values([
        { name: 'onnx/m@1/2', model_id: 'onnx/m@1', width: 2, has_text: true },
        { name: 'look', model_id: 'builtin/look@1', width: 3, has_text: false },
      ])
      .returning('id')
      .execute()
    await database.db.insertInto('embeddings').values({ space_id: spaces[1]!.id, photo_id: id, embedding: '[0,0,1]' }).execute()
    expect((await get(`/photo/${id}`)).json.embedding).toEqual([0, 0, 1])
    await database.db.insertInto('embeddings').values({ space_id: spaces[0]!.id, photo_id: id, embedding: '[0.6,0.8]' }).execute()
    const { json } = await get(`/photo/${id}`)
    expect(json).toEqual({
      id,
      filename: 'a.jpg',
      tags: ['dog'],
      caption: 'My dog',
      embedding: [0.6, 0.8],
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    })
  })

  it('GET /photos is a list of the same, 10 at first', async () => {
    for (let made = 0; made < 12; made++) await addPhoto(database.db)
    const { json } = await get('/photos')
    expect(json).toHaveLength(10)
    expect(Object.keys(json[0]).sort()).toEqual(['caption', 'created_at', 'embedding', 'filename', 'id', 'tags'])
    expect((await get('/photos?skip=10&limit=10')).json).toHaveLength(2)
  })

  it('GET /search without a model answers by keyword: distance null, and a notice', async () => {
    const id = await addPhoto(database.db, { filename: 'a.jpg', tags: ['dog'] })
    const { status, json } = await get('/search?q=dog&top_k=3')
    expect(status).toBe(200)
    expect(json).toEqual({
      query: 'dog',
      results: [{ photo_id: id, filename: 'a.jpg', tags: ['dog'], caption: null, distance: null }],
      total_results: 1,
      notice: expect.stringContaining(NO_MODEL),
    })
  })

  it('GET /search is semantic, top_k 5, with L2 distances', async () => {
    await app.close()
    const asked: unknown[] = []
    app = await openTestServer(database, {
      services: ({ search }) => ({
        search: async (sees, query) => {
          asked.push(query)
          const answer = await search(sees, { ...query, q: '', category: undefined })
          const near: MatchReason = { list: 'semantic', rank: 1, cosine_distance: 0.5, where: [], words: [], near: [], snippets: [] }
          return { ...answer, ran: ['semantic'], hits: answer.hits.map((hit) => ({ ...hit, why: [near] })) }
        },
      }),
    })
    await addPhoto(database.db)
    const { json } = await get('/search?q=a+dog&category=animals')
    expect(asked).toEqual([expect.objectContaining({ q: 'a dog', mode: 'semantic', limit: 5, category: ['animals'] })])
    expect(json.results[0].distance).toBeCloseTo(1, 10) // cosine distance .5 → √(2 · .5)
  })

  it('POST /search/image-to-image finds like photos; an unknown one is 404', async () => {
    const id = await addPhoto(database.db)
    const like = await addPhoto(database.db)
    await addVectors(database.db, LOOK_SPACE, [
      [id, unit(1, 0)],
      [like, unit(1, 1)],
    ])
    const post = (query: string) => app.inject({ method: 'POST', url: `/search/image-to-image?${query}` })
    const found = await post(`reference_photo_id=${id}&top_k=5`)
    expect(found.statusCode).toBe(200)
    expect(found.json().results[0]).toMatchObject({ photo_id: like, distance: expect.closeTo(Math.sqrt(2 - Math.SQRT2), 5) })
    expect((await post('reference_photo_id=4711')).statusCode).toBe(404)
    expect((await post('top_k=5')).json()).toMatchObject({ detail: expect.stringContaining('reference_photo_id') })
  })
})

describe('the API’s description', () => {
  it('is OpenAPI 3.1 with every route, and both pages show it without a CDN', async () => {
    const { json } = await get('/openapi.json')
    expect(json.openapi).toBe('3.1.0')
    expect(json.paths['/api/search'].get.parameters.map((parameter: { name: string }) => parameter.name)).toEqual(
      expect.arrayContaining(['q', 'mode', 'category', 'hide_duplicates', 'like']),
    )
    expect(json.paths['/upload'].post.requestBody.content['multipart/form-data']).toBeDefined()
    expect(json.paths['/api/photos/{id}/thumbnail'].get.responses[200].content['image/webp']).toBeDefined()
    expect(json.components.schemas.PhotoDetail).toBeDefined()
    expect(json.components.schemas.PhotoCard.properties.missing.description).toBe('true: its file is missing')
    const described = json.paths['/api/photos'].get.parameters.map(({ name, description }: Record<string, string>) => [name, description])
    expect(Object.fromEntries(described)).toMatchObject({
      limit: 'maximum number of entries',
      ids: expect.stringContaining('only these photos'),
    })
    expect(json.paths['/api/photos/{id}'].get.responses).toMatchObject({
      200: { description: 'Done' },
      '4XX': { description: expect.stringContaining('Refused') },
    })
    const text = JSON.stringify(json)
    const named = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name))
    expect(Object.keys(json.components.schemas).sort(), 'every component is used, and every one that is used is there').toEqual(
      [...named].sort(),
    )
    expect([...named].filter((name) => name?.endsWith('Input'))).toEqual([])
    expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER))
    for (const url of ['/docs/', '/redoc']) {
      const page = await app.inject({ url, headers: { accept: 'text/html' } })
      expect(page.statusCode, url).toBe(200)
      const scripts = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
      expect(scripts.length).toBeGreaterThan(0)
      for (const script of scripts) {
        expect(script, url).not.toMatch(/^(https?:)?\/\//)
        expect((await app.inject({ url: new URL(script, `http://localhost${url}`).pathname })).statusCode, script).toBe(200)
      }
    }
  })
})
