/** @file Questions in German and Arabic find what the English names find; questions in English are what they were. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applySearchLanguage } from '../../../src/document/store.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { type Ask, idsOf, makeSearch } from '../../support/search.ts'

let open: TestDatabase
let ask: Ask
const photos: Record<string, number> = {}
const names = (ids: readonly number[]) => ids.map((id) => Object.keys(photos).find((name) => photos[name] === id))
const find = async (q: string) => names(idsOf(await ask({ q, mode: 'keyword' }))).sort()

beforeAll(async () => {
  open = await openTestDatabase()
  await applySearchLanguage(open.db, 'english')
  ask = makeSearch(open.db)
  photos.dog = await addPhoto(open.db, { tags: ['dog', 'beach'], filename: '1.jpg' })
  photos.puppy = await addPhoto(open.db, { tags: ['dog', 'grass'], filename: '2.jpg' })
  photos.car = await addPhoto(open.db, { tags: ['car', 'red'], filename: '3.jpg' })
  photos.hut = await addPhoto(open.db, { tags: ['hut'], filename: '4.jpg' })
  photos.hat = await addPhoto(open.db, { tags: ['hat'], filename: '5.jpg' })
  photos.sign = await addPhoto(open.db, { text: 'Bitte keine Hunde mitbringen', filename: '6.jpg' })
  photos.child = await addPhoto(open.db, { tags: ['child'], filename: '7.jpg' })
})
afterAll(() => open?.[Symbol.asyncDispose]())

describe('what is typed in another language', () => {
  it.each([
    ['Hund', ['dog', 'puppy', 'sign']], // the sign begins so
    ['Hunde', ['dog', 'puppy', 'sign']], // and where it is written
    ['Hund Strand', ['dog']],
    ['rotes Auto', ['car']],
    ['كلب', ['dog', 'puppy']],
    ['الكلاب', ['dog', 'puppy']],
    ['سيارة حمراء', ['car']],
    ['Tiere', ['dog', 'puppy']],
    ['Hunde -Strand', ['dog', 'puppy', 'sign']], // what is left out is taken as it is typed
  ])('%s', async (q, expected) => expect(await find(q)).toEqual([...expected].sort()))

  it('says which word it stands for', async () => {
    const { near, hits } = await ask({ q: 'Strände', mode: 'keyword' })
    expect(near).toEqual([{ typed: 'strande', found: 'beach', how: 'translation' }])
    expect(hits[0]?.why[0]).toMatchObject({ words: ['beach'], where: ['tag'] })
  })

  it('is English first where English has the word', async () => {
    expect(await find('hut')).toEqual(['hut'])
    expect(await find('dog')).toEqual(['dog', 'puppy'])
    expect((await ask({ q: 'dog', mode: 'keyword' })).near).toEqual([])
    // nothing is called “kind” here
    expect(await find('kind')).toEqual(['child'])
    expect(await find('"hund"')).toEqual(['sign'])
  })
})
