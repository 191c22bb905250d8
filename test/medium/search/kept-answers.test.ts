/** Whole answers are kept while nothing changes, and none is ever older than the question. */

import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SearchAnswer } from '../../../src/contract/search.ts'
import { emptySearchDocuments } from '../../../src/document/store.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { KeptAnswers } from '../../../src/search/kept-answers.ts'
import { SearchMemory } from '../../../src/search/memory.ts'
import { WhileUnchanged } from '../../../src/search/while-unchanged.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'
import { addVectors, idsOf, makeSearch, makeTextEmbedder, unit } from '../../support/search.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

/** On a server other databases move the state too, and an answer that might have been kept is searched anew: asked until one was. */
async function untilKept(answers: KeptAnswers, ask: () => Promise<unknown>): Promise<void> {
  const before = answers.use.kept
  await expect
    .poll(async () => {
      await ask()
      return answers.use.kept
    })
    .toBeGreaterThan(before)
}

it('the second answer is the first one, without searching', async () => {
  const answers = new KeptAnswers()
  const ask = makeSearch(open.db, { answers, memory: new SearchMemory() })
  await addPhoto(open.db, { tags: ['dog'] })
  const first = await ask({ q: 'dog' })
  await untilKept(answers, async () => expect({ ...(await ask({ q: 'dog' })), took_ms: 0 }).toEqual({ ...first, took_ms: 0 }))
  const { kept } = answers.use
  for (const other of [{ q: 'dog', limit: 3 }, { q: 'dog', mode: 'keyword' }, { q: 'cat' }]) await ask(other)
  expect(answers.use.kept).toBe(kept)
})

it('what is written ends it: new, changed, trashed and deleted photos, vectors, a model that is switched, filters', async () => {
  const answers = new KeptAnswers()
  const memory = new SearchMemory()
  const models = ['first', 'second'].map((name) => makeTextEmbedder(name, 2, { dog: unit(1, 0) }))
  let [embedder, space]: [(typeof models)[number] | null, { id: number; name: string } | null] = [null, null]
  let notice: string | null = 'a model is being downloaded (10 %)'
  const deps = { textEmbedder: async () => embedder, activeSpace: async () => space, semanticNotice: () => notice }
  const ask = makeSearch(open.db, { ...deps, answers, memory })
  const anew = makeSearch(open.db, deps)
  // the count of vectors may be some seconds old, kept or not; then the answer is not kept
  const steady = ({ notice }: SearchAnswer) => (notice?.endsWith('by meaning so far.') ? null : notice)
  const queries = [{ q: 'dog' }, {}, { tag: ['dog'] }, { q: 'dog', tag: ['cat'] }]
  const agree = async () => {
    // twice: the second time what can be kept is
    for (let i = 0; i < 2; i++)
      for (const query of queries) {
        const [own, fresh] = [await ask(query), await anew(query)]
        expect({ ids: idsOf(own), notice: steady(own), ran: own.ran, total: own.total }).toEqual({
          ids: idsOf(fresh),
          notice: steady(fresh),
          ran: fresh.ran,
          total: fresh.total,
        })
      }
  }
  const [a, b] = [await addPhoto(open.db, { tags: ['dog'] }), await addPhoto(open.db, { tags: ['cat'] })]
  await agree()
  const c = await addPhoto(open.db, { tags: ['dog'] })
  await agree()
  await open.db.insertInto('photo_tags').values({ photo_id: b, tag: 'dog', said_by: 'test', confidence: 0.9 }).execute()
  await agree()
  await open.db.updateTable('photos').set({ trashed_at: new Date() }).where('id', '=', c).execute()
  await agree()
  await open.db.transaction().execute((trx) => emptySearchDocuments(trx, [a]))
  await agree()
  notice = 'a model is being downloaded (90 %)'
  await agree()
  const first = await addVectors(open.db, 'first', [[b, unit(1, 0.1)]])
  const second = await addVectors(open.db, 'second', [[a, unit(1, 0.1)]])
  ;[embedder, space, notice] = [models[0]!, { id: first, name: 'first' }, null]
  await agree()
  // nothing is written when a model takes over: the key tells them apart
  ;[embedder, space] = [models[1]!, { id: second, name: 'second' }]
  await agree()
  await open.db.deleteFrom('photos').where('id', '=', b).execute()
  await agree()
})

it('another day asks anew, what is said of a moment is not kept, and both time and room are limited', async () => {
  const deps = { textEmbedder: async () => null, activeSpace: async () => null, semanticNotice: () => null }
  let now = 0
  const answers = new KeptAnswers(1000, () => now)
  let searched = 0
  const search = async (isPassing = false, q = 'dog') => {
    searched++
    return { isPassing, answer: { query: q.padEnd(200, '.'), hits: [] } } as never
  }
  const query = { q: 'dog', mode: 'hybrid', limit: 50 } as never
  const ask = (today: string, state = '1', isPassing = false, asked = query) =>
    answers.get(deps, { sees: EVERY_PHOTO, query: asked, today, state }, () => search(isPassing))
  await ask('2026-01-01')
  await ask('2026-01-01')
  expect(searched).toBe(1)
  await ask('2026-01-02')
  expect(searched).toBe(2)
  await ask('2026-01-02', '2')
  expect(searched).toBe(3)
  now = 300_001
  await ask('2026-01-02', '2')
  expect(searched).toBe(4)
  for (let i = 0; i < 2; i++) await ask('2026-01-03', '2', true)
  expect(searched).toBe(6)
  const other = { q: 'cat', mode: 'hybrid', limit: 50 } as never
  await ask('2026-01-02', '2', false, other)
  await ask('2026-01-02', '2', false, other)
  expect(searched).toBe(7)
  await ask('2026-01-02', '2')
  expect(searched).toBe(8) // there is room for one of them only
})

it('a value that was read before a change is not kept for after it', () => {
  const kept = new WhileUnchanged<number>(100)
  expect(kept.get('a', 'before')).toBeUndefined()
  expect(kept.get('b', 'after')).toBeUndefined()
  kept.put('a', 'before', 1, 10)
  expect(kept.get('a', 'after')).toBeUndefined()
  kept.put('big', 'after', 1, 101)
  kept.put('a', 'after', 2, 60)
  kept.put('b', 'after', 3, 60)
  expect([kept.get('big', 'after'), kept.get('a', 'after'), kept.get('b', 'after'), kept.bytes]).toEqual([undefined, undefined, 3, 60])
})

describe('over the API', () => {
  let app: FastifyInstance
  beforeEach(async () => {
    app = await openTestServer(open)
    return () => app.close()
  })
  const search = async (query: string) => (await app.inject(`/api/search?${query}`)).json<SearchAnswer>()
  const post = async (url: string, payload: object) => {
    const answer = await app.inject({ method: 'POST', url, payload })
    expect(answer.statusCode, answer.body).toBeLessThan(300)
  }
  const found = (query: string) => expect.poll(async () => (await search(query)).hits.map(({ photo }) => photo.id))

  it('edits, the trash, a person who is named and a changed category are in the next answer; how often it was kept is in /health', async () => {
    const [a, b] = [await addPhoto(open.db, { tags: ['dog'], people: ['Ada'] }), await addPhoto(open.db, { tags: ['cat'] })]
    await found('q=dog').toEqual([a])
    await found('q=dog').toEqual([a])
    await post('/api/edits', { photos: { ids: [b] }, operations: [{ do: 'add_tags', tags: ['dog'] }] })
    await found('q=dog&sort=newest').toEqual([b, a])
    await post('/api/edits', { photos: { ids: [b] }, operations: [{ do: 'set_favourite', favourite: true }] })
    await found('q=dog&favourite=true').toEqual([b])
    await post('/api/edits', { photos: { ids: [a] }, operations: [{ do: 'trash' }] })
    await found('q=dog').toEqual([b])
    await post('/api/edits', { photos: { ids: [a] }, operations: [{ do: 'restore' }] })
    await found('q=ada').toEqual([a])
    const { id } = await open.db.selectFrom('people').select('id').executeTakeFirstOrThrow()
    await post('/api/people/actions', { do: 'name', person: id, name: 'Grace' })
    await found('q=grace').toEqual([a])
    await post('/api/categories', { name: 'pets', tags: ['cat'] })
    await found('category=pets').toEqual([b])
    const { search_memory: memory } = (await app.inject('/health')).json<{ search_memory: { answers: Record<string, number> } }>()
    expect(memory.answers.asked).toBeGreaterThanOrEqual(8)
    expect(memory.answers.hit_rate).toBeCloseTo(memory.answers.kept! / memory.answers.asked!, 3)
  })
})
