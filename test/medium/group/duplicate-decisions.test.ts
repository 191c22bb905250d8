/** @file What is decided of sets of duplicates over the API: undone, remembered, made in the background; what is in the trash is nowhere else. */
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DecisionReport } from '../../../src/contract/duplicates.ts'
import { continueEdits } from '../../../src/edit/edits.ts'
import { compareLibrary } from '../../../src/group/duplicates/compare-library.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { askDuplicates, flip, picture } from '../../support/duplicate-sets.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'

let database: TestDatabase
let app: FastifyInstance
let ask: ReturnType<typeof askDuplicates>

beforeAll(async () => {
  database = await openTestDatabase()
  ask = askDuplicates(database.db, () => app)
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  app = await openTestServer(database)
  return () => app.close()
})

describe('a decision', () => {
  it('puts what is not kept into the trash, where nothing finds it, gives the kept one its words, and is undone', async () => {
    const [a, b, c] = await ask.addCopies('a', 3, (i) => ({
      tags: ['dog'],
      filename: `shore-${i}.jpg`,
      ...(i === 2 ? { metadata: { rating: 4 } } : {}),
    }))
    await ask.call('POST', '/api/edits', {
      photos: { ids: [b] },
      operations: [
        { do: 'add_tags', tags: ['beach'] },
        { do: 'set_favourite', favourite: true },
      ],
    })
    await ask.call('POST', '/api/duplicates/rules', { rules: ['largest'] })
    await ask.build()
    const [set] = (await ask.listSets()).sets
    const report = await ask.decide(set!.id, { do: 'accept' })
    expect(report).toMatchObject({ sets: 1, trashed: 2, kept: 1, bytes: 2000, summary: 'kept 1 of 3 duplicates' })
    expect(await ask.gallery()).toMatchObject({ photos: [{ id: a }], total: 1 })
    expect(await ask.find('q=shore')).toEqual([a])
    expect(await ask.find('tag=dog')).toEqual([a])
    expect((await ask.call<{ total: number }>('GET', '/api/search/facets')).json.total).toBe(1)
    expect((await ask.call<{ states: { completed: number } }>('GET', '/api/stats')).json.states.completed).toBe(1)
    expect((await ask.call<object[]>('GET', '/photos?format=json')).json).toHaveLength(1)
    expect((await ask.detail(a!)).tags.map(({ tag }) => tag).sort()).toEqual(['beach', 'dog'])
    expect(await ask.detail(a!)).toMatchObject({ favourite: { value: true }, rating: { value: 4 }, duplicates: [] })
    expect((await ask.detail(b!)).trashed_at).not.toBeNull()
    expect(await ask.shapes()).toEqual([])
    expect((await ask.call('GET', `/api/duplicates/sets/${set!.id}`)).status).toBe(404)
    await ask.build()

    expect((await ask.undo(report.edit)).status).toBe(200)
    await ask.build()
    expect((await ask.gallery()).total).toBe(3)
    expect(await ask.find('q=shore')).toEqual([c, b, a])
    expect(await ask.detail(a!)).toMatchObject({ favourite: { value: false }, tags: [{ tag: 'dog' }] })
    expect((await ask.listSets()).sets.map(({ id }) => id)).toEqual([set!.id])
  })

  it('“no duplicates” and “keep all” are remembered through analysis, comparing and sets built again, and are undone', async () => {
    const [a, b] = await ask.addCopies('a', 2)
    const [c, d] = await ask.addCopies('c', 2)
    await ask.build()
    const [first, second] = (await ask.listSets()).sets
    const different = await ask.decide(first!.id, { do: 'different' })
    await ask.decide(second!.id, { do: 'keep-all' })
    const again = async () => {
      await ask.analyse(a!, b!, c!, d!)
      await compareLibrary(database.db, 8, new AbortController().signal)
      await ask.build()
    }
    await again()
    expect(await ask.shapes()).toEqual([])
    expect((await ask.detail(a!)).duplicates).toEqual([])
    expect((await ask.detail(c!)).duplicates).toHaveLength(1)
    expect((await ask.find('hide_duplicates=true')).sort()).toEqual([a, b, c])
    // with a third copy only that one is in question
    const [e] = await ask.addCopies('a', 1, () => ({ width: 100 }))
    await ask.build()
    expect(await ask.shapes()).toEqual([{ kind: 'same-picture', keeper: a, photos: [a, e] }])
    await ask.undo(different.edit)
    await again()
    expect((await ask.shapes())[0]!.photos).toEqual([a, b, e])
  })

  it('keeps the photos a person names, and asks no more about those that stay', async () => {
    const [a, b, c] = await ask.addCopies('a', 3)
    await ask.build()
    const [set] = (await ask.listSets()).sets
    expect((await ask.call<{ detail: string }>('POST', `/api/duplicates/sets/${set!.id}`, { do: 'keep', photos: [999] })).status).toBe(422)
    await ask.decide(set!.id, { do: 'keep', photos: [c, b] })
    await ask.build()
    expect(await ask.shapes()).toEqual([])
    expect((await ask.gallery()).photos.map(({ id }) => id).sort()).toEqual([b, c])
    expect((await ask.detail(a!)).trashed_at).not.toBeNull()
  })
})

describe('many decisions at once', () => {
  it('are counted first, made in the background, resumed after a kill in the middle, undone together', async () => {
    await sql`insert into photos (sha256, bytes, format, filename, state, sort_at, day)
      select lpad(to_hex(i), 64, '0'), 1000, 'jpeg', i || '.jpg', 'completed', now(), current_date from generate_series(1, 260) i`.execute(
      database.db,
    )
    await sql`insert into duplicates (photo_id_1, photo_id_2, kind, hamming_distance)
      select min(id), max(id), 'same-picture', 1 from photos group by (id - 1) / 2`.execute(database.db)
    await ask.build()
    const request = { sets: { kinds: ['same-picture'] }, merge: true }
    const counted = (await ask.call<DecisionReport>('POST', '/api/duplicates/apply', { ...request, dry_run: true })).json
    expect(counted).toMatchObject({ edit: null, sets: 130, trashed: 130, bytes: 130_000 })
    expect((await ask.gallery()).total).toBe(260)
    // “killed” between plan and work: the server is gone, the edit is a row
    const { edit } = (await ask.call<DecisionReport>('POST', '/api/duplicates/apply', request)).json
    await app.close()
    app = await openTestServer(database)
    while ((await continueEdits(database.db, 1000)) > 0);
    await expect.poll(async () => (await ask.gallery()).total).toBe(130)
    await expect.poll(async () => (await ask.call<{ state: string }>('GET', `/api/edits/${edit}`)).json.state).toBe('done')
    await ask.undo(edit)
    await expect.poll(async () => (await ask.gallery()).total).toBe(260)
    expect((await ask.listSets('limit=100')).sets).toHaveLength(100)
  })

  it('never let go of a photo that is what another set keeps', async () => {
    // a and b are one picture, the rules keep b (RAW); a is also an edit of c
    const base = picture('x')
    const a = await addPhoto(database.db, { hash: base, width: 5000 })
    const b = await addPhoto(database.db, { hash: flip(base, 8), format: 'cr2' })
    const c = await addPhoto(database.db, { hash: flip(base, 28, 100), width: 100 })
    await ask.analyse(a, b, c)
    await ask.build()
    await ask.call('POST', '/api/duplicates/rules', { rules: ['original-format', 'largest'] })
    const report = (await ask.call<DecisionReport>('POST', '/api/duplicates/apply', { sets: { kinds: ['same-picture', 'edited'] } })).json
    expect(report).toMatchObject({ sets: 1, trashed: 1 })
    expect((await ask.gallery()).photos.map(({ id }) => id).sort()).toEqual([b, c])
  })
})
