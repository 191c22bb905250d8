import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { message, textMessage } from '../../../src/contract/messages/message.ts'
import { WordsQuery } from '../../../src/contract/vocabulary.ts'
import { ensureSpace, saveEmbedding } from '../../../src/db/vector.ts'
import { markDocumentsStale } from '../../../src/document/store.ts'
import { OWNER } from '../../../src/domain/actor.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { readEdit } from '../../../src/edit/store-edits.ts'
import type { TextEmbedder } from '../../../src/models/ports/capability.ts'
import { insertDueSteps } from '../../../src/pipeline/ledger.ts'
import { tags } from '../../../src/pipeline/steps/tags/step.ts'
import { Tagger } from '../../../src/pipeline/tagging/tagger.ts'
import { createWords } from '../../../src/pipeline/tagging/words.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { unit } from '../../support/search.ts'

/** Words are directions of their own in a space of 64; a photo is a mixture of them and a little of everything. */
const WIDTH = 64
const STARTING = ['dog', 'cat', 'car', 'beach', ...Array.from({ length: 36 }, (_, index) => `thing${index}`)]
const OWN = ['Rex', 'espresso']
const axisOf = (text: string) => [...STARTING, ...OWN].indexOf(text.replace('a photo of ', ''))
const axis = (index: number) => Float32Array.from({ length: WIDTH }, (_, at) => (at === index ? 1 : 0))
const mixture = (...words: string[]) => {
  const values = Array.from({ length: WIDTH }, (_, at) => 0.02 * Math.sin(at * 7))
  for (const word of words) values[axisOf(word)]! += 1
  return unit(...values)
}

let database: TestDatabase
let spaceId: number
let asked: string[]
const embedder: TextEmbedder = {
  info: { id: 'fake/words@1', provider: 'fake', name: 'words', version: '1', licence: 'none' },
  space: { name: 'fake/words@1/64', width: WIDTH, hasText: true },
  embedText: async (text) => {
    asked.push(text)
    const index = axisOf(text)
    // a word it does not know is like any other word it does not know
    return axis(index >= 0 ? index : WIDTH - 1)
  },
  [Symbol.asyncDispose]: async () => {},
}

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  asked = []
  spaceId = await ensureSpace(database.db, embedder.space, embedder.info.id)
})

const openTagger = (startingTags: readonly string[] = STARTING) =>
  new Tagger({
    db: database.db,
    servingSpace: async () => ({ id: spaceId, name: embedder.space.name }),
    textEmbedder: async () => embedder,
    markDocumentsStale,
    onTagged: () => {},
    log: silentLog,
    startingTags,
    settleMs: 0,
  })
const openWords = () =>
  createWords({
    db: database.db,
    servingSpace: async () => ({ id: spaceId, name: embedder.space.name }),
    wake: () => {},
    onFacts: () => {},
  })
/** a photo with a vector, which owes its tags */
const add = async (...words: string[]) => {
  const id = await addPhoto(database.db)
  await database.db.transaction().execute(async (trx) => {
    await insertDueSteps(trx, id, [tags])
    if (words.length > 0) await saveEmbedding(trx, spaceId, id, mixture(...words))
  })
  return id
}
const tagsOf = async (id: number) => {
  const rows = await database.db.selectFrom('photo_tags').select(['tag', 'said_by']).where('photo_id', '=', id).orderBy('tag').execute()
  return rows.map(({ tag }) => tag)
}
const step = (id: number) =>
  database.db
    .selectFrom('photo_steps')
    .select(['state', 'model_id', 'reason'])
    .where('photo_id', '=', id)
    .where('step', '=', 'tags')
    .executeTakeFirstOrThrow()
const settled = async (tagger: Tagger, ids: readonly number[]) => {
  tagger.wake()
  await expect
    .poll(async () => (await Promise.all(ids.map(async (id) => (await step(id)).state))).every((state) => state !== 'due'), {
      timeout: 60_000,
    })
    .toBe(true)
  await expect.poll(async () => (await tagger.lane()).state).toBe('idle')
}

describe('tags in words', () => {
  it('say what is in a photo by the nearest words, with the model and vocabulary as sayer; others’ tags stay', async () => {
    const dogOnBeach = await add('dog', 'beach')
    const nothing = await add('thing3')
    await database.db.insertInto('photo_tags').values({ photo_id: dogOnBeach, tag: 'dog', said_by: 'file', confidence: 1 }).execute()
    await using tagger = openTagger()
    await settled(tagger, [dogOnBeach, nothing])
    const rows = await database.db.selectFrom('photo_tags').selectAll().where('photo_id', '=', dogOnBeach).orderBy('said_by').execute()
    expect(rows.map(({ tag, said_by }) => [tag, said_by.replace(/\.\w+$/, '')])).toEqual([
      ['dog', 'file'],
      ['beach', 'tags/words@1'],
      ['dog', 'tags/words@1'],
    ])
    for (const { confidence } of rows) expect(confidence).toBeGreaterThanOrEqual(0.5)
    expect(await tagsOf(nothing)).toEqual(['thing3'])
    expect(await step(dogOnBeach)).toMatchObject({ state: 'done', model_id: rows[1]!.said_by })
    expect((await database.db.selectFrom('stale_documents').select('photo_id').execute()).length).toBe(2)
  })

  it('a changed vocabulary is said of every photo without asking for a picture; only new words are encoded', async () => {
    const rex = await add('Rex', 'beach')
    await using tagger = openTagger()
    const words = openWords()
    await settled(tagger, [rex])
    expect(await tagsOf(rex)).toEqual(['beach'])
    const before = await step(rex)

    asked = []
    await words.add(OWNER, { word: 'Rex', broader: ['dog'] })
    tagger.wake()
    await expect.poll(() => tagsOf(rex)).toEqual(['Rex', 'beach'])
    expect(asked.filter((text) => axisOf(text) >= 0)).toEqual(['Rex', 'Rex', 'a photo of Rex'])
    expect((await step(rex)).model_id).not.toBe(before.model_id)
    const broader = await database.db.selectFrom('tag_broader').select('broader').where('tag', '=', 'Rex').execute()
    expect(broader.map((row) => row.broader)).toEqual(expect.arrayContaining(['Rex', 'dog', 'animal']))

    await words.remove(OWNER, 'beach')
    tagger.wake()
    await expect.poll(() => tagsOf(rex)).toEqual(['Rex'])
    await words.add(OWNER, { word: 'beach', broader: [] })
    await words.remove(OWNER, 'Rex')
    tagger.wake()
    await expect.poll(() => tagsOf(rex)).toEqual(['beach'])
    await settled(tagger, [rex])
    expect((await step(rex)).model_id).toBe(before.model_id)
    await expect(words.remove(OWNER, 'no such word')).rejects.toThrow('not in the vocabulary')
  })

  it('a word is said from the score a person chose, as measured again without it, and every change is undone by its edit', async () => {
    const photo = await add('dog', 'beach')
    const words = openWords()
    await using tagger = openTagger()
    await settled(tagger, [photo])
    const before = await step(photo)
    const read = async (q: string) => (await words.find(EVERY_PHOTO, WordsQuery.parse({ q }))).words[0]
    const measured = (await read('beach'))!.measured!
    expect(await read('beach')).toMatchObject({
      word: 'beach',
      from: 'starting',
      is_said: true,
      is_known: true,
      photos: 1,
      threshold: measured,
    })

    asked = []
    const higher = await words.setThreshold(OWNER, 'beach', 19)
    expect(higher.edit).toMatchObject({ area: 'vocabulary', summary: 'beach: said from 19 on' })
    expect(await words.setThreshold(OWNER, 'beach', 19)).toMatchObject({
      edit: null,
      thresholds: [{ word: 'beach', threshold: 19 }],
      added: [],
    })
    tagger.wake()
    await expect.poll(() => tagsOf(photo)).toEqual(['dog'])
    expect(asked).toEqual([]) // no word is encoded for it, and no picture opened
    expect(await read('beach')).toMatchObject({ threshold: 19, measured, photos: 0 })

    const undone = await words.undo(OWNER, { ...higher.edit!, id: higher.edit!.id! })
    tagger.wake()
    await expect.poll(() => tagsOf(photo)).toEqual(['beach', 'dog'])
    await settled(tagger, [photo])
    expect((await step(photo)).model_id).toBe(before.model_id)
    expect(await readEdit(database.db, undone)).toMatchObject({ undo_of: higher.edit!.id, conflicts: 0 })
    await expect(words.undo(OWNER, { ...higher.edit!, id: higher.edit!.id! })).rejects.toThrow('undone already')

    const removed = await words.remove(OWNER, 'dog')
    await expect(words.setThreshold(OWNER, 'dog', 3)).rejects.toThrow('was removed')
    await expect(words.setThreshold(OWNER, 'no such word', 3)).rejects.toThrow('not in the vocabulary')
    await words.add(OWNER, { word: 'dog', broader: [], prompt: 'a small dog' })
    const late = await words.undo(OWNER, { ...removed.edit!, id: removed.edit!.id! })
    expect(await readEdit(database.db, late)).toMatchObject({ conflicts: 1 })
    expect(await read('dog')).toMatchObject({ is_said: true, prompt: 'a small dog' })
  })

  it('a word the model does not know is left out and named', async () => {
    const photo = await add('dog')
    const words = openWords()
    await words.add(OWNER, { word: 'zorgblatt dog', broader: [] })
    await using tagger = openTagger()
    await settled(tagger, [photo])
    expect(await tagsOf(photo)).toEqual(['dog'])
    expect((await words.list()).unknown).toEqual(['zorgblatt dog'])
  })

  it('goes on where it was interrupted, and tells why a photo without vector has none', async () => {
    const photos: number[] = []
    for (let index = 0; index < 140; index++) photos.push(await add(STARTING[index % STARTING.length]!))
    const waiting = await add()
    const failed = await add()
    await database.db
      .insertInto('photo_steps')
      .values({
        photo_id: failed,
        step: 'embedding',
        version: 1,
        lane: 'analyse',
        state: 'failed',
        reason: JSON.stringify(textMessage('broken')),
      })
      .execute()
    {
      await using first = openTagger()
      first.wake()
      const done = () =>
        database.db.selectFrom('photo_steps').select('photo_id').where('state', '=', 'done').where('step', '=', 'tags').execute()
      await expect.poll(async () => (await done()).length).toBeGreaterThan(0)
    }
    asked = []
    await using second = openTagger()
    await settled(second, photos)
    expect(asked).toEqual([]) // the words’ vectors are kept
    for (const [index, id] of photos.entries()) if (index % 20 === 0) expect(await tagsOf(id)).toEqual([STARTING[index % STARTING.length]])
    expect(await step(waiting)).toMatchObject({ state: 'due' })
    expect(await step(failed)).toMatchObject({ state: 'skipped', reason: message('step.blocked', { step: 'embedding' }) })
    const calibrated = await database.db.selectFrom('space_tags').select(['usual', 'threshold']).execute()
    expect(calibrated).toHaveLength(STARTING.length)
    for (const { usual, threshold } of calibrated) expect(threshold! - usual!).toBeCloseTo(1.96, 2) // one of 40 by chance

    await database.db.transaction().execute((trx) => saveEmbedding(trx, spaceId, failed, mixture('car')))
    second.wake()
    await expect.poll(() => tagsOf(failed)).toEqual(['car'])
  })
})
