import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { applySearchLanguage, refreshSearchDocuments } from '../../../src/document/store.ts'
import { FototecaError } from '../../../src/domain/errors.ts'
import { FacetIndex } from '../../../src/search/facet-index.ts'
import { SearchMemory } from '../../../src/search/memory.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPhoto, type PhotoOptions } from '../../support/library.ts'
import { type Ask, addVectors, idsOf, makeSearch, makeTextEmbedder, unit } from '../../support/search.ts'

const FINDER = 'builtin/centernet@1'

let open: TestDatabase
let ask: Ask
beforeAll(async () => {
  open = await openTestDatabase()
  await applySearchLanguage(open.db, 'english')
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(async () => {
  await open.db.deleteFrom('photos').execute()
  await open.db.deleteFrom('spaces').execute()
  ask = makeSearch(open.db, { facetIndex: new FacetIndex(), memory: new SearchMemory() })
})

/** A photo that a model sees these things on: [tag, confidence, who says it]. */
async function see(tags: readonly (readonly [string, number, string?])[], options: PhotoOptions = {}): Promise<number> {
  const id = await addPhoto(open.db, options)
  await open.db.transaction().execute(async (trx) => {
    for (const [tag, confidence, said_by = FINDER] of tags)
      await trx.insertInto('photo_tags').values({ photo_id: id, tag, said_by, confidence }).execute()
    await refreshSearchDocuments(trx, [id])
  })
  return id
}

/** A person says so. */
async function say(id: number, tag: string): Promise<void> {
  await open.db.transaction().execute(async (trx) => {
    await sql`insert into decisions (photo_id, field, key, value) values (${id}, 'tag', ${tag}, 'true')`.execute(trx)
    await refreshSearchDocuments(trx, [id])
  })
}

const words = async (q: string) => idsOf(await ask({ q, mode: 'keyword' }))

describe('words are ranked by how sure it is that the photo shows them', () => {
  it('by the confidence of the tag, whatever is newer; a person is certain', async () => {
    const said = await see([])
    const sure = await see([['dog', 0.78]])
    const unsure = await see([['dog', 0.43]])
    const hardly = await see([['dog', 0.22]])
    await say(said, 'dog')
    expect(await words('dog')).toEqual([said, sure, unsure, hardly])
    expect(await words('dogs')).toEqual([said, sure, unsure, hardly])
  })

  it('by what the confidence of each model is worth', async () => {
    // of the built-in finder’s horses at .5 nine in ten are horses; of a model that nobody measured, nobody knows
    const measured = await see([['horse', 0.5]])
    const unmeasured = await see([['horse', 0.5, 'someone/model@1']])
    const both = await see([
      ['horse', 0.3],
      ['horse', 0.95, 'someone/model@1'],
    ])
    expect(await words('horse')).toEqual([measured, both, unmeasured])
  })

  it('“person” is not twice in “personal computer”', async () => {
    const person = await see([['person', 0.7]])
    const laptop = await see([
      ['laptop', 0.9],
      ['person', 0.22],
    ])
    const desk = await see([['laptop', 0.95]])
    expect(await words('person')).toEqual([person, laptop, desk])
  })

  it('what is called so before what is a kind of it, a name before a part of one, a whole word before a beginning', async () => {
    const kind = await see([['dog', 0.9]])
    const called = await see([['animal', 0.9]])
    expect(await words('animal')).toEqual([called, kind])
    const hotDog = await see([['hot dog', 0.9]])
    expect(await words('dog')).toEqual([kind, hotDog])
    expect(await words('hot dog')).toEqual([hotDog])
    const part = await see([['horseshoe', 0.9, 'someone/model@1']])
    const whole = await see([['horse', 0.3]])
    expect(await words('horse')).toEqual([whole, part])
  })

  it('by all the words together', async () => {
    const both = await see([
      ['dog', 0.7],
      ['horse', 0.7],
    ])
    const one = await see([
      ['dog', 0.95],
      ['horse', 0.23],
    ])
    expect(await words('dog horse')).toEqual([both, one])
  })

  it('follows what is changed', async () => {
    const [first, second] = [await see([['dog', 0.8]]), await see([['dog', 0.3]])]
    expect(await words('dog')).toEqual([first, second])
    await say(second, 'dog')
    expect(await words('dog')).toEqual([second, first])
  })

  it('of words that many tell, what tells more counts more', async () => {
    for (let i = 0; i < 12; i++) await see([['dog', 0.9]])
    const rare = await addPhoto(open.db, { text: 'xylophone' })
    const [first] = await words('dog xylophone')
    expect(first).toBe(rare)
  })
})

describe('fused', () => {
  const meaning = (spaceId: number) => ({
    textEmbedder: () => Promise.resolve(makeTextEmbedder('m', 2, { person: unit(1, 0), zurihc: unit(1, 0) })),
    activeSpace: () => Promise.resolve({ id: spaceId, name: 'm' }),
  })

  it('what words are unsure of counts less than what they are sure of', async () => {
    const sure = await see([['person', 0.7]])
    const unsure = await see([['laptop', 0.3]])
    const spaceId = await addVectors(open.db, 'm', [
      [sure, unit(1, 0.2)],
      [unsure, unit(1, 0.1)],
    ])
    const [first, second] = (await makeSearch(open.db, meaning(spaceId))({ q: 'person' })).hits
    expect([first?.photo.id, second?.photo.id]).toEqual([sure, unsure])
    const shareOf = (hit: typeof first, rank: number) => (hit?.score ?? 0) * (60 + rank)
    expect(shareOf(second, 2)).toBeLessThan(shareOf(first, 1))
  })

  it('a sentence also finds by words what holds most of what they tell, beside what meaning finds', async () => {
    const q = 'receipt of the quokka shop in Perth'
    const receipt = await addPhoto(open.db, { text: 'QUOKKA SHOP, PERTH' })
    const common = await addPhoto(open.db, { text: 'shop' })
    for (let i = 0; i < 20; i++) await addPhoto(open.db, { text: 'shop' })
    const near = await addPhoto(open.db, {})
    const spaceId = await addVectors(open.db, 'm', [[near, unit(1, 0.1)]])
    const textEmbedder = async () => makeTextEmbedder('m', 2, { [q]: unit(1, 0) })
    const found = idsOf(await makeSearch(open.db, { ...meaning(spaceId), textEmbedder })({ q }))
    expect(found.slice().sort()).toEqual([receipt, near].sort())
    expect(found).not.toContain(common)
  })

  it('an offer stands above what meaning finds', async () => {
    await addPhoto(open.db, { text: 'Zürich' })
    const near = await addPhoto(open.db, {})
    const spaceId = await addVectors(open.db, 'm', [[near, unit(1, 0.1)]])
    const answer = await makeSearch(open.db, meaning(spaceId))({ q: 'zurihc' })
    expect(idsOf(answer)).toEqual([near])
    expect(answer.did_you_mean?.q).toBe('zurich')
  })
})

describe('what is said of search by meaning', () => {
  it('nothing is missing where descriptions were searched by meaning', async () => {
    const photo = await addPhoto(open.db, {})
    const spaceId = await addVectors(open.db, 'texts', [[photo, unit(1, 0)]])
    const described = async () => ({ spaceId, vector: unit(1, 0), cutOff: 0.5 })
    const withoutModel = await makeSearch(open.db, { described })({ q: 'sunshine' })
    expect(withoutModel).toMatchObject({ notice: null, total: 1 })
    const embedText = () => Promise.reject(new FototecaError('unknown_words', 'zeros'))
    const knowsNone = {
      described,
      textEmbedder: async () => ({ ...makeTextEmbedder('m', 2, {}), embedText }),
      activeSpace: async () => ({ id: await addVectors(open.db, 'm', [[photo, unit(1, 0)]]), name: 'm' }),
    }
    expect(await makeSearch(open.db, knowsNone)({ q: 'sunshine' })).toMatchObject({ notice: null, total: 1 })
  })
})
