/** @file Descriptions as vectors: filled, again when the text is another, through troubles of the server; searched within a time limit. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { fromVectorText } from '../../../src/db/vector.ts'
import { createTexts, type Texts, type TextsDeps } from '../../../src/describe/texts/texts.ts'
import { refreshSearchDocuments } from '../../../src/document/store.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { openTextServer, type TextServerSettings } from '../../../src/models/spaces/text-server.ts'
import { createSpaces } from '../../../src/pipeline/spaces/spaces.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { type FakeProvider, startFakeProvider, type Trouble } from '../../support/fake-provider.ts'
import { addPhoto } from '../../support/library.ts'
import { idsOf, makeSearch } from '../../support/search.ts'

let open: TestDatabase
let server: FakeProvider
let lives: Texts[]
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(open.db)
  server = await startFakeProvider()
  lives = []
})
afterEach(async () => {
  for (const texts of lives) await texts[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const SETTINGS = { textEmbedding: 'test-embedding', textEmbeddingKey: 'sk-secret', textEmbeddingWidth: 16, describeTimeoutMs: 60_000 }
/** longest a search waits for the server: above what it takes on a busy machine */
const SEARCH_MS = 3000
const QUICK = { firstPauseMs: 100, longestPauseMs: 200, configurationPauseMs: 60_000 }

function begin(settings: Partial<TextServerSettings> = {}, more: Partial<TextsDeps> = {}): Texts {
  const texts = createTexts({
    db: open.db,
    log: silentLog,
    openServer: () => openTextServer({ ...SETTINGS, textEmbeddingUrl: server.openaiUrl, ...settings }),
    timeoutMs: SEARCH_MS,
    cutOff: 0.5,
    breakerPace: QUICK,
    ...more,
  })
  lives.push(texts)
  return texts
}

async function say(photoId: number, caption: string, tags: readonly string[] = []): Promise<void> {
  await open.db.transaction().execute(async (trx) => {
    const decide = (field: 'caption' | 'tag', key: string, value: string | boolean) =>
      trx
        .insertInto('decisions')
        .values({ photo_id: photoId, field, key, value: JSON.stringify(value) })
        .onConflict((conflict) => conflict.columns(['photo_id', 'field', 'key']).doUpdateSet({ value: JSON.stringify(value) }))
        .execute()
    await decide('caption', '', caption)
    for (const tag of tags) await decide('tag', tag, true)
    await refreshSearchDocuments(trx, [photoId])
  })
}
const rows = () => open.db.selectFrom('embeddings').select(['photo_id', 'digest', 'embedding']).orderBy('photo_id').execute()
const settled = (texts: Texts) => expect.poll(async () => (await texts.report()).due).toBe(0)
const asked = () => server.calls.flatMap(({ json }) => json.input as string[])

describe('filling', () => {
  it('embeds what is said of photos in batches, once; another text again; a text that is gone is forgotten', async () => {
    const ids: number[] = []
    for (let i = 0; i < 40; i++) ids.push(await addPhoto(open.db, { tags: ['vocabulary word'] }))
    for (const id of ids.slice(0, 35)) await say(id, `A dog on beach ${id}`, ['dog'])
    const texts = begin()
    texts.start()
    await expect.poll(async () => (await texts.report()).embedded).toBe(35)
    await settled(texts)
    expect(server.calls.map(({ json }) => json.input.length)).toEqual([32, 3])
    expect(server.calls[0]).toMatchObject({ path: '/v1/embeddings', json: { model: 'test-embedding', dimensions: 16 } })
    expect(server.calls[0]?.headers.authorization).toBe('Bearer sk-secret')
    expect(asked()[0]).toBe(`A dog on beach ${ids[0]}\nTags: dog`)
    const before = await rows()
    expect(Math.hypot(...fromVectorText(before[0]!.embedding))).toBeCloseTo(1, 5)

    // another text, the same text again, no text any more
    await say(ids[0]!, 'A cat asleep')
    await say(ids[1]!, `A dog on beach ${ids[1]}`)
    await open.db.transaction().execute(async (trx) => {
      await trx.deleteFrom('decisions').where('photo_id', '=', ids[2]!).execute()
      await refreshSearchDocuments(trx, [ids[2]!])
    })
    texts.wake()
    await settled(texts)
    expect(server.calls.length).toBe(3)
    expect(asked().at(-1)).toBe('A cat asleep\nTags: dog')
    const after = await rows()
    expect(after.map(({ photo_id }) => photo_id)).toEqual(ids.slice(0, 35).filter((id) => id !== ids[2]))
    expect(after[0]?.digest).not.toBe(before[0]?.digest)
    await texts[Symbol.asyncDispose]()

    // another life has nothing to do, and hears of what came meanwhile
    await say(ids[36]!, 'A boat')
    const next = begin()
    next.start()
    await settled(next)
    expect(server.calls.length).toBe(4)
  })

  it('keeps the first numbers of wide vectors where the server refuses to be asked for a width, and finds the width out by itself', async () => {
    const id = await addPhoto(open.db)
    await say(id, 'A dog')
    server.misbehave = ({ json }) =>
      json?.dimensions === undefined ? null : { kind: 'status', status: 400, body: { error: { message: 'no dimensions' } } }
    const texts = begin({ textEmbeddingWidth: 5 })
    texts.start()
    await expect.poll(async () => (await texts.report()).embedded).toBe(1)
    expect(fromVectorText((await rows())[0]!.embedding)).toHaveLength(5)
    expect(Math.hypot(...fromVectorText((await rows())[0]!.embedding))).toBeCloseTo(1, 5)
    const own = begin({ textEmbedding: 'other', textEmbeddingWidth: undefined })
    server.misbehave = null
    own.start()
    await expect.poll(async () => (await own.report()).space?.width).toBe(8)
  })

  it('takes the 4096 numbers of Qwen3-Embedding-8B where they are asked for, 1024 of them where nothing is said, and finds by them', async () => {
    const [dog, cat] = [await addPhoto(open.db), await addPhoto(open.db)]
    await say(dog, 'aaaa')
    await say(cat, 'zzzz')
    const find = async (texts: Texts) => {
      texts.start()
      await expect.poll(async () => (await texts.report()).embedded).toBe(2)
      return idsOf(await makeSearch(open.db, { described: texts.described })({ q: 'aaaa', mode: 'semantic', all: true }))[0]
    }
    const whole = begin({ textEmbeddingWidth: 4096 })
    expect(await find(whole)).toBe(dog)
    expect(server.calls[0]?.json).toMatchObject({ dimensions: 4096 })
    expect((await whole.report()).space?.width).toBe(4096)
    await whole[Symbol.asyncDispose]()
    server.width = 4096
    const first = begin({ textEmbedding: 'another', textEmbeddingWidth: undefined })
    expect(await find(first)).toBe(dog)
    expect((await first.report()).space?.width).toBe(1024)
  })

  it('waits for a server that is down, busy or refuses the key, without giving up a photo; one text it cannot take does not stop the others', async () => {
    const ids: number[] = []
    for (let i = 0; i < 6; i++) ids.push(await addPhoto(open.db))
    for (const id of ids) await say(id, id === ids[3] ? 'poison' : `A dog ${id}`)
    const askedAt: number[] = []
    const answerWith = (trouble: Trouble) => () => {
      askedAt.push(Date.now())
      return trouble
    }
    server.misbehave = answerWith({ kind: 'status', status: 429, headers: { 'retry-after': '1' } })
    const texts = begin()
    const startedAt = Date.now()
    texts.start()
    const report = await vi.waitFor(async () => {
      const now = await texts.report()
      expect(now).toMatchObject({ state: 'paused', reason: expect.stringContaining('429') })
      return now
    }, 60_000)
    expect(Date.parse(report.until ?? '')).toBeGreaterThanOrEqual(startedAt + 1000)
    server.misbehave = answerWith({ kind: 'status', status: 503 })
    await expect.poll(() => server.calls.length).toBeGreaterThan(2)
    expect(askedAt[1]! - askedAt[0]!).toBeGreaterThanOrEqual(1000) // not before it said
    expect(await texts.report()).toMatchObject({ due: 6, failed: 0, embedded: 0 })

    server.misbehave = ({ json }) =>
      json.input.some((text: string) => text.includes('poison')) ? { kind: 'status', status: 413, body: { error: 'too long' } } : null
    await expect.poll(async () => (await texts.report()).embedded).toBe(5)
    await expect.poll(() => texts.report()).toMatchObject({ due: 0, failed: 1, state: 'idle' })

    const spaces = createSpaces({
      db: open.db,
      log: silentLog,
      step: {} as never,
      filler: { wake: () => {}, exclusive: (act) => act() },
      models: {
        active: () => null,
        next: () => null,
        previous: () => null,
        modelOfSpace: () => null,
        servingSpace: async () => null,
      } as never,
      keptElsewhere: (space) => texts.keeps(space),
    })
    const [space] = await spaces.list()
    expect(space).toMatchObject({ of: 'texts', model: 'test-embedding', state: 'serving', vectors: 5, width: 16 })
    await expect(spaces.drop(space!.id)).rejects.toMatchObject({ code: 'conflict' })
    await expect(spaces.use(space!.id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await spaces.pause(space!.id)).toMatchObject({ state: 'paused' })
    expect(await texts.report()).toMatchObject({ state: 'paused', reason: 'paused by hand' })
    server.misbehave = null
    expect((await spaces.resume(space!.id)).state).not.toBe('paused')
    await expect.poll(async () => (await texts.report()).embedded).toBe(6)

    await say(ids[0]!, 'Something else')
    server.misbehave = () => ({ kind: 'status', status: 401, body: { error: { message: 'wrong key sk-secret' } } })
    texts.wake()
    await expect.poll(async () => (await texts.report()).reason).toMatch(/key is missing, wrong/)
    expect(JSON.stringify(await texts.report())).not.toContain('sk-secret')
    expect(await texts.report()).toMatchObject({ due: 1, failed: 0 })
  })

  it('a change that comes while its text is on the way is embedded too', async () => {
    const id = await addPhoto(open.db)
    await say(id, 'first')
    const { promise: arrived, resolve } = Promise.withResolvers<void>()
    server.misbehave = ({ count }) => {
      if (count === 1) resolve()
      return count === 1 ? { kind: 'silence' } : null
    }
    const texts = begin({ describeTimeoutMs: 2000 })
    texts.start()
    await arrived
    await say(id, 'second')
    await expect.poll(async () => (await texts.report()).embedded).toBe(1)
    await settled(texts)
    expect(asked().at(-1)).toBe('second')
  })

  it('off asks nobody and says nothing leaves; a missing address is said', async () => {
    const texts = begin({ textEmbedding: undefined })
    texts.start()
    expect(await texts.report()).toMatchObject({ on: false, state: 'off', leaves: null, space: null })
    expect(await texts.described('dog')).toBeNull()
    const half = createTexts({
      db: open.db,
      log: silentLog,
      timeoutMs: 100,
      cutOff: 0.5,
      openServer: () => openTextServer({ ...SETTINGS, textEmbeddingUrl: undefined }),
    })
    expect(await half.report()).toMatchObject({
      on: false,
      state: 'paused',
      reason: expect.stringContaining('FOTOTECA_TEXT_EMBEDDING_URL'),
    })
  })
})

describe('searching', () => {
  it('finds by description, says so, and goes on without it when the server is slow; the next search does not wait', async () => {
    const [dog, cat] = [await addPhoto(open.db), await addPhoto(open.db)]
    await say(dog, 'aaaa')
    await say(cat, 'zzzz')
    let now = Date.now()
    const texts = begin({}, { now: () => now })
    texts.start()
    await expect.poll(async () => (await texts.report()).embedded).toBe(2)
    const search = makeSearch(open.db, { described: texts.described })
    const answer = await search({ q: 'aaaa', mode: 'semantic', all: true })
    expect(answer.ran).toContain('described')
    expect(answer.hits.find(({ photo }) => photo.id === dog)?.why).toContainEqual(
      expect.objectContaining({ list: 'described', rank: 1, cosine_distance: expect.closeTo(0.02, 1), words: [] }),
    )
    expect(idsOf(answer)[0]).toBe(dog)

    server.misbehave = () => ({ kind: 'silence' })
    const calls = server.calls.length
    const slow = await search({ q: 'bbbb' })
    expect(slow.ran).toEqual(['keyword'])
    expect(slow.notice).toMatch(/Descriptions were not searched by meaning: .*no answer within 3 s/)
    expect(server.calls.length).toBe(calls + 1)
    await Promise.all([search({ q: 'cccc' }), search({ q: 'dddd' })])
    expect(server.calls.length).toBe(calls + 1)
    expect((await search({ q: 'aaaa' })).ran).toContain('described') // the words of a search before are known
    server.misbehave = null
    now += QUICK.longestPauseMs
    expect((await search({ q: 'eeee' })).ran).toContain('described')
  })
})
