import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SearchAnswer } from '../../../src/contract/search.ts'
import { FototecaError } from '../../../src/domain/errors.ts'
import { RANKED_MATCHES } from '../../../src/search/evidence.ts'
import { SearchMemory } from '../../../src/search/memory.ts'
import { LIST_WEIGHTS } from '../../../src/search/weights.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto, type PhotoOptions } from '../../support/library.ts'
import { type Ask, addVectors, idsOf, makeSearch, makeTextEmbedder, unit } from '../../support/search.ts'

let open: TestDatabase
let ask: Ask
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(open.db)
  ask = makeSearch(open.db, { memory: new SearchMemory() })
})
const add = (options?: PhotoOptions) => addPhoto(open.db, options)
async function addMany(count: number, options: (i: number) => PhotoOptions): Promise<number[]> {
  const ids: number[] = []
  for (let i = 0; i < count; i++) ids.push(await add(options(i)))
  return ids
}
/** All pages, calling `between` after each. */
async function readAll(
  search: Ask,
  query: Record<string, unknown>,
  between: (page: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<number[]> {
  const ids: number[] = []
  for (let cursor: string | null | undefined, page = 0; cursor !== null; page++) {
    const answer = await search({ ...query, ...(cursor ? { cursor } : {}) })
    ids.push(...idsOf(answer))
    cursor = answer.next
    await between(page)
  }
  return ids
}

describe('without words', () => {
  it('lists newest first, whole and once, while photos arrive', async () => {
    const ids = await addMany(23, (i) => ({ day: `2024-01-${String(1 + (i % 5)).padStart(2, '0')}` }))
    const first = await ask({ limit: 5 })
    expect(first).toMatchObject({ ran: ['list'], total: 23, notice: null, space: null })
    const seen = await readAll(ask, { limit: 5 }, () => add({ day: '2025-01-01' }))
    expect([...seen].sort((a, b) => a - b)).toEqual(ids)
    const day = new Map((await open.db.selectFrom('photos').select(['id', 'day']).execute()).map((row) => [row.id, row.day]))
    const order = seen.map((id) => `${day.get(id)} ${String(id).padStart(6, '0')}`)
    expect(order).toEqual([...order].sort().reverse())
  })

  it('keeps photos apart that were taken in the same microsecond-precise second', async () => {
    await addMany(6, () => ({}))
    await sql`update photos set sort_at = timestamptz '2024-01-01 00:00:00.000100Z' + id * interval '1 microsecond'`.execute(open.db)
    expect(await readAll(ask, { limit: 2 })).toEqual([6, 5, 4, 3, 2, 1])
  })
})

describe('paging through a ranking', () => {
  const matching = (i: number): PhotoOptions => ({ tags: ['dog'], text: `${'dog '.repeat(i % 4)}park` })

  it('repeats and skips nothing while photos arrive and others change', async () => {
    const ids = await addMany(30, matching)
    const whole = idsOf(await ask({ q: 'dog', limit: 200 }))
    expect([...whole].sort((a, b) => a - b)).toEqual(ids)
    const seen = await readAll(ask, { q: 'dog', limit: 7 }, async () => {
      await add({ people: ['Dog'], tags: ['dog'] })
      await open.db
        .updateTable('search_documents')
        .set({ tsv: sql<string>`setweight(tsv, 'A')` })
        .where('photo_id', '=', ids[20]!)
        .execute()
    })
    expect(seen).toEqual(whole)
  })

  it('goes on after a restart, without the photos that came since', async () => {
    await addMany(20, matching)
    const whole = idsOf(await ask({ q: 'dog', limit: 200 }))
    const first = await ask({ q: 'dog', limit: 12 })
    await addMany(5, matching)
    const second = await makeSearch(open.db)({ q: 'dog', limit: 12, cursor: first.next })
    expect([...idsOf(first), ...idsOf(second)]).toEqual(whole)
    expect(second.next).toBeNull()
  })

  it('refuses a cursor that is not of this search', async () => {
    await addMany(5, matching)
    const { next } = await ask({ q: 'dog', limit: 2 })
    await expect(ask({ q: 'park', limit: 2, cursor: next })).rejects.toMatchObject({ code: 'bad_request' })
    await expect(ask({ q: 'dog', mode: 'keyword', cursor: next })).rejects.toMatchObject({ code: 'bad_request' })
    for (const cursor of ['x', '0', 'bnVsbA', Buffer.from('["list","12345678","now()",1,1]').toString('base64url'), '\u0000'])
      await expect(ask({ q: 'dog', cursor })).rejects.toMatchObject({ code: 'bad_request' })
  })

  it('reaches every match of a word that stands on more photos than are ranked', async () => {
    const count = RANKED_MATCHES + 500
    await sql`insert into photos (sha256, bytes, filename, sort_at, day, state)
      select lpad(i::text, 64, '0'), 1, 'p' || i, now(), '2024-01-01', 'completed' from generate_series(1, ${sql.lit(count)}) i`.execute(
      open.db,
    )
    await sql`insert into search_documents (photo_id, tsv)
      select id, case when id % 100 = 0 then 'dog:1A'::tsvector else 'dog:1D' end from photos`.execute(open.db)
    const first = await ask({ q: 'dog', limit: 200 })
    expect(first.total).toBe(count)
    expect(idsOf(first).slice(0, 2)).toEqual([3500, 3400])
    const seen = await readAll(ask, { q: 'dog', limit: 200 })
    expect(seen).toHaveLength(count)
    expect(new Set(seen).size).toBe(count)
  })
})

describe('by meaning', () => {
  const texts = { 'a dog': unit(1, 0, 0), 'blue sky': unit(0, 1, 0) }
  const meaning = (spaceId: number, name = 'm') => ({
    textEmbedder: () => Promise.resolve(makeTextEmbedder(name, 3, texts)),
    activeSpace: () => Promise.resolve({ id: spaceId, name: 'm' }),
  })

  it('says which words the text model left out; the list of a space that is worth less weighs less', async () => {
    const near = await add({ filename: 'near.jpg' })
    const tagged = await add({ tags: ['puppy'] })
    const spaceId = await addVectors(open.db, 'm', [
      [near, unit(1, 0, 0)],
      [tagged, unit(0, 1, 0)],
    ])
    const embedder = { ...makeTextEmbedder('m', 3, { 'a dog': unit(1, 0, 0) }), unknownWords: () => ['quokka'] }
    const knowing = { ...meaning(spaceId), textEmbedder: async () => embedder }
    const full = await makeSearch(open.db, knowing)({ q: 'a dog' })
    expect(full.notice).toBe('Search by meaning does not know “quokka” and left it out.')
    const half = await makeSearch(open.db, { ...knowing, worth: () => 0.5 })({ q: 'a dog' })
    const scoreOf = ({ hits }: typeof full) => hits.find(({ photo }) => photo.id === near)?.score ?? 0
    expect(scoreOf(half)).toBeCloseTo(scoreOf(full) / 2)
  })

  it('says in plain words that the text model knows none of the words, and answers with the words as they stand', async () => {
    const found = await add({ tags: ['qzxv'] })
    const spaceId = await addVectors(open.db, 'm', [[found, unit(1, 0, 0)]])
    const embedder = makeTextEmbedder('m', 3, {})
    const embedText = () => Promise.reject(new FototecaError('unknown_words', '/models/text.onnx answered with zeros'))
    const knowsNone = { ...meaning(spaceId), textEmbedder: async () => ({ ...embedder, embedText }) }
    const answer = await makeSearch(open.db, knowsNone)({ q: 'qzxv' })
    expect(answer).toMatchObject({
      ran: ['keyword'],
      notice: 'The model for search by meaning knows no word of “qzxv”, so nothing was looked for by meaning.',
    })
    expect(idsOf(answer)).toEqual([found])
  })

  it('hybrid fuses both lists by reciprocal rank and says each place', async () => {
    const both = await add({ tags: ['dog'] })
    const words = await add({ people: ['Dog'] })
    const near = await add({})
    const spaceId = await addVectors(open.db, 'm', [
      [both, unit(0.9, 0.1, 0)],
      [words, unit(0, 0, 1)],
      [near, unit(1, 0, 0)],
    ])
    const answer = await makeSearch(open.db, meaning(spaceId))({ q: 'a dog' })
    expect(() => SearchAnswer.parse(answer)).not.toThrow()
    expect(answer).toMatchObject({ mode: 'hybrid', ran: ['keyword', 'semantic'], space: 'm', notice: null, total: 3 })
    expect(idsOf(answer)).toEqual([words, both, near])
    const [first, second, third] = answer.hits
    expect(first?.score).toBeCloseTo(LIST_WEIGHTS.keyword / 61 + 1 / 63, 10)
    // a model without a measured curve: confidence .9 counts as certainty .7
    expect(second?.score).toBeCloseTo((LIST_WEIGHTS.keyword * (Math.round(0.7 * 255) / 255) ** 0.25) / 62 + 1 / 62, 5)
    expect(third?.score).toBeCloseTo(1 / 61, 10)
    expect(second?.why).toEqual([
      { list: 'keyword', rank: 2, cosine_distance: null, where: ['tag'], words: ['dog'], near: [], snippets: [] },
      {
        list: 'semantic',
        rank: 2,
        cosine_distance: expect.closeTo(1 - 0.9 / Math.hypot(0.9, 0.1), 5),
        where: [],
        words: [],
        near: [],
        snippets: [],
      },
    ])
  })

  it('what is called just what was typed comes first: by its file, or by a person in it', async () => {
    const tagged = await add({ tags: ['dog'] })
    const file = await add({ filename: 'n0123_dog.jpg' })
    const other = await add({ filename: 'hot_dog.jpg' })
    const person = await add({ people: ['Dóg'] })
    const spaceId = await addVectors(open.db, 'm', [
      [tagged, unit(1, 0, 0)],
      [other, unit(0.9, 0.1, 0)],
      [file, unit(0, 0, 1)],
    ])
    const deps = meaning(spaceId)
    const embedder = makeTextEmbedder('m', 3, { dog: unit(1, 0, 0), 'dog park': unit(1, 0, 0), '"dog"': unit(1, 0, 0) })
    const search = makeSearch(open.db, { ...deps, textEmbedder: () => Promise.resolve(embedder), cutOff: () => 0.5 })
    const answer = await search({ q: 'dog' })
    expect(() => SearchAnswer.parse(answer)).not.toThrow()
    expect(answer.ran).toEqual(['named', 'keyword', 'semantic'])
    expect(new Set(idsOf(answer).slice(0, 2))).toEqual(new Set([file, person]))
    expect(answer.hits.map(({ photo, why }) => [photo.id, why.find(({ list }) => list === 'named')?.rank])).toEqual(
      expect.arrayContaining([
        [file, 1],
        [person, 1],
        [tagged, undefined],
        [other, undefined],
      ]),
    )
    // asked for words as they stand, they keep their own order; of a beginning nothing is called
    const inOrder = await search({ q: 'dog', mode: 'keyword' })
    expect(inOrder.ran).toEqual(['keyword'])
    expect(idsOf(inOrder).slice(0, 2)).toEqual([person, tagged])
    expect((await search({ q: 'dog', people: [999] })).total).toBe(0)
    await open.db.updateTable('photos').set({ filename: 'x.jpg' }).where('id', '=', file).execute()
    await open.db.deleteFrom('faces').execute()
    expect((await search({ q: 'dog' })).ran).toEqual(['keyword', 'semantic'])
  })

  it('semantic orders by distance alone; words taken out count there too', async () => {
    const a = await add({ tags: ['dog'] })
    const b = await add({ tags: ['cat'] })
    const spaceId = await addVectors(open.db, 'm', [
      [a, unit(1, 0.5, 0)],
      [b, unit(1, 0.1, 0)],
    ])
    const search = makeSearch(open.db, meaning(spaceId))
    const answer = await search({ q: 'a dog', mode: 'semantic' })
    expect(answer.ran).toEqual(['semantic'])
    expect(idsOf(answer)).toEqual([b, a])
    expect(idsOf(await search({ q: 'a dog -cat', mode: 'semantic' }))).toEqual([a])
    expect((await search({ q: 'dog', mode: 'keyword' })).ran).toEqual(['keyword'])
  })

  it('without a model says so and answers keyword hits, in either mode', async () => {
    const id = await add({ tags: ['dog'] })
    for (const mode of ['hybrid', 'semantic']) {
      const answer = await makeSearch(open.db, { semanticNotice: () => 'no model yet' })({ q: 'dog', mode })
      expect(answer).toMatchObject({ ran: ['keyword'], space: null, notice: 'no model yet', mode })
      expect(idsOf(answer)).toEqual([id])
    }
    expect((await ask({ q: 'dog' })).notice).toMatch(/meaning/)
    expect((await ask({ q: 'dog', mode: 'keyword' })).notice).toBeNull()
  })

  it('what descriptions say is one more list; without its server the others answer, and the answer says so', async () => {
    const [a, b, c] = await addMany(3, () => ({ tags: [] }))
    const spaceId = await addVectors(open.db, 'm', [
      [a!, unit(1, 0, 0)],
      [b!, unit(0.8, 0.2, 0)],
    ])
    const textSpace = await addVectors(open.db, 'text', [
      [b!, unit(1, 0)],
      [c!, unit(0.9, 0.1)],
      [a!, unit(0, 1)],
    ])
    const asked: string[] = []
    const described = async (text: string) => {
      asked.push(text)
      return { spaceId: textSpace, vector: unit(1, 0), cutOff: 0.5 }
    }
    const search = makeSearch(open.db, { ...meaning(spaceId), described, cutOff: () => 0.3 })
    const answer = await search({ q: 'a dog' })
    expect(() => SearchAnswer.parse(answer)).not.toThrow()
    expect(answer).toMatchObject({ ran: ['keyword', 'semantic', 'described'], space: 'm', total: 3 })
    expect(answer.notice).not.toMatch(/description/)
    expect(idsOf(answer)).toEqual([b, a, c])
    expect(answer.hits[0]?.why.map(({ list, rank }) => [list, rank])).toEqual([
      ['semantic', 2],
      ['described', 1],
    ])
    expect(idsOf(await makeSearch(open.db, { described })({ q: 'sea', mode: 'semantic' }))).toEqual([b, c]) // a lies beyond its cut-off
    expect((await search({ q: 'a dog', mode: 'keyword' })).ran).toEqual(['keyword'])
    expect((await search({ like: a })).ran).toEqual(['similar'])
    expect(asked).toEqual(['a dog', 'sea'])

    const down = makeSearch(open.db, { ...meaning(spaceId), described: async () => ({ notice: 'descriptions: no answer' }) })
    expect(await down({ q: 'a dog' })).toMatchObject({
      ran: ['keyword', 'semantic'],
      notice: expect.stringContaining('descriptions: no answer'),
    })
  })

  it('never compares vectors of different spaces', async () => {
    const id = await add({ tags: ['dog'] })
    const spaceId = await addVectors(open.db, 'm', [[id, unit(1, 0, 0)]])
    expect((await makeSearch(open.db, meaning(spaceId, 'another'))({ q: 'a dog' })).ran).toEqual(['keyword'])
  })

  it('says how many photos the model has seen so far, and keeps keyword search when it fails', async () => {
    const [a, b] = await addMany(4, () => ({ tags: ['dog'] }))
    const spaceId = await addVectors(open.db, 'm', [
      [a!, unit(1, 0, 0)],
      [b!, unit(1, 1, 0)],
    ])
    const partial = await makeSearch(open.db, meaning(spaceId))({ q: 'a dog' })
    expect(partial.notice).toBe('2 of 4 photos are searchable by meaning so far.')
    expect(partial.total).toBe(4)
    // of a file that was refused no model ever sees anything
    await add({ state: 'failed' })
    const spoilt = await add({ state: 'failed' })
    expect((await makeSearch(open.db, meaning(spaceId))({ q: 'a dog' })).notice).toBe('2 of 4 photos are searchable by meaning so far.')
    // nor is one found by what was seen before its file was spoilt
    await addVectors(open.db, 'm', [[spoilt, unit(1, 0, 0)]])
    expect(idsOf(await makeSearch(open.db, meaning(spaceId))({ q: 'a dog' }))).not.toContain(spoilt)
    const failed = await makeSearch(open.db, meaning(spaceId))({ q: 'dog' })
    expect(failed).toMatchObject({ ran: ['keyword'], total: 4 })
    expect(failed.notice).toMatch(/no vector for/)
  })

  it('cuts the tail off where the space has a limit, but not what the words found', async () => {
    const near = await add({})
    const far = await add({})
    const farWord = await add({ tags: ['dog'] })
    const spaceId = await addVectors(open.db, 'm', [
      [near, unit(1, 0.1, 0)],
      [far, unit(0, 1, 0)],
      [farWord, unit(0, 0, 1)],
    ])
    const answer = await makeSearch(open.db, { ...meaning(spaceId), cutOff: () => 0.5 })({ q: 'a dog' })
    expect(idsOf(answer).sort()).toEqual([near, farWord].sort())
    expect(answer).toMatchObject({ cut_off: { distance: 0.5, hidden: 1 }, total: 2 })
    const all = await makeSearch(open.db, { ...meaning(spaceId), cutOff: () => 0.5 })({ q: 'a dog', all: true })
    expect(idsOf(all).sort()).toEqual([near, far, farWord].sort())
    expect(all.cut_off).toEqual({ distance: 0.5, hidden: 0 })
    // a space nobody measured loses nothing, and the answer says so
    expect(await makeSearch(open.db, meaning(spaceId))({ q: 'a dog' })).toMatchObject({ cut_off: null, total: 3 })
    // nor does a list that is no list by text
    expect((await makeSearch(open.db, { ...meaning(spaceId), cutOff: () => 0.5 })({ like: near })).cut_off).toBeNull()
  })
})

describe('by a photo', () => {
  it('asks the model’s space when it is full, else the built-in look, and leaves the photo itself out', async () => {
    const ids = await addMany(3, () => ({}))
    const [a, b, c] = ids as [number, number, number]
    await addVectors(open.db, 'builtin/look@1/3', [
      [a, unit(1, 0, 0)],
      [b, unit(1, 0.1, 0)],
      [c, unit(0, 1, 0)],
    ])
    const spaceId = await addVectors(open.db, 'm', [
      [a, unit(1, 0, 0)],
      [c, unit(1, 0.1, 0)],
    ])
    const search = makeSearch(open.db, { activeSpace: () => Promise.resolve({ id: spaceId, name: 'm' }) })
    const byLook = await search({ like: a })
    expect(byLook).toMatchObject({ ran: ['similar'], space: 'builtin/look@1/3', total: 2 })
    expect(idsOf(byLook)).toEqual([b, c])
    expect(byLook.hits[0]?.why[0]).toMatchObject({ list: 'similar', rank: 1, words: [] })
    await addVectors(open.db, 'm', [[b, unit(0, 0, 1)]])
    const byModel = await search({ like: a })
    expect(byModel.space).toBe('m')
    expect(idsOf(byModel)).toEqual([c, b])
  })

  it('goes together with words and filters, and says when it cannot', async () => {
    const a = await add({ day: '2020-01-01' })
    const b = await add({ day: '2021-01-01', tags: ['dog'] })
    const c = await add({ day: '2022-01-01' })
    await addVectors(open.db, 'builtin/look@1/2', [
      [a, unit(1, 0)],
      [b, unit(0, 1)],
      [c, unit(1, 0.1)],
    ])
    expect(idsOf(await ask({ like: a, to: '2021-12-31' }))).toEqual([b])
    const both = await ask({ like: a, q: 'dog', mode: 'keyword' })
    expect(both.ran).toEqual(['similar', 'keyword'])
    expect(idsOf(both)).toEqual([b, c])
    await expect(ask({ like: 999_999 })).rejects.toMatchObject({ code: 'not_found' })
    const blank = await add({})
    expect(await ask({ like: blank })).toMatchObject({ total: 0, notice: expect.stringMatching(/not been looked at/) })
  })
})

describe('in order of time', () => {
  it('sorts hits and lists, page by page', async () => {
    const days = ['2024-03-01', '2023-01-01', '2025-06-01', '2024-01-01']
    const ids = await addMany(4, (i) => ({ tags: ['dog'], day: days[i]! }))
    const oldest = [ids[1], ids[3], ids[0], ids[2]]
    for (const q of ['', 'dog']) {
      expect(await readAll(ask, { q, sort: 'oldest', limit: 3 })).toEqual(oldest)
      expect(await readAll(ask, { q, sort: 'newest', limit: 3 })).toEqual([...oldest].reverse())
    }
    const { hits } = await ask({ q: 'dog', sort: 'oldest' })
    expect(hits[0]?.why).toMatchObject([{ list: 'keyword', where: ['tag'] }])
  })
})
