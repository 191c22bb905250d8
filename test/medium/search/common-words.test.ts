import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { emptySearchDocuments, refreshSearchDocuments } from '../../../src/document/store.ts'
import { CommonWords } from '../../../src/search/common-words.ts'
import { KeptMatches } from '../../../src/search/kept-matches.ts'
import { readDatabaseState } from '../../../src/search/store-changes.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const tagged = (...tags: string[]) => addPhoto(open.db, { tags })
const makeCommon = (maxWaited = 100) => new CommonWords({ minPhotos: 1, minShare: 0.25, page: 2, maxWaited })
/** As the database alone answers. */
const readPlainly = async (query: string) => (await new KeptMatches(1, new CommonWords()).read(open.db, query)).toArray()

const QUERIES = [
  "'dog'",
  "'dog' & 'beach'",
  "'dog' | 'pizza'",
  "'dog':*",
  "'dog':* & ( 'beach' | 'cat' )",
  "( 'dog' | 'doge' ) & 'beach'",
  "'pizza' & 'dog'",
  "'doghouse':*",
  "'dog' & !'beach'",
  "'nothing'",
]

it('answers as the database does, and follows new, changed, trashed and deleted photos at once', async () => {
  const common = makeCommon()
  const matches = new KeptMatches(1, common)
  const compare = async () => {
    for (const query of QUERIES)
      expect((await matches.read(open.db, query, await readDatabaseState(open.db))).toArray(), query).toEqual(await readPlainly(query))
  }
  const [a, b, c] = [await tagged('dog', 'beach'), await tagged('dog'), await tagged('cat', 'beach')]
  await tagged('pizza', 'doghouse')
  await common.warm(open.db)
  expect(common.resolve("'dog' & 'beach'")?.asks).toEqual([])
  expect(common.resolve("'dog' | 'doge'")?.asks).toEqual(["'doge'"])
  expect(common.resolve("'dog':*")?.asks).toEqual([expect.stringMatching(/^'dog':\* & !'dog'/)])
  expect(common.resolve("'dog' & 'doge'")).toBeNull()
  await compare()
  // beyond the ids there were
  for (let i = 0; i < 40; i++) await tagged('dog', i % 2 === 0 ? 'beach' : 'pizza')
  await compare()
  await open.db.transaction().execute(async (trx) => {
    await trx.updateTable('photo_tags').set({ tag: 'dog' }).where('photo_id', '=', c).where('tag', '=', 'cat').execute()
    await trx.deleteFrom('photo_tags').where('photo_id', '=', a).where('tag', '=', 'dog').execute()
    await refreshSearchDocuments(trx, [a, c])
  })
  await compare()
  await open.db.transaction().execute((trx) => emptySearchDocuments(trx, [b]))
  await open.db.deleteFrom('photos').where('id', '=', c).execute()
  await compare()
})

it('where more was written than a question waits for, the database answers until the words have caught up', async () => {
  const common = makeCommon(1)
  const matches = new KeptMatches(1, common)
  await tagged('dog')
  await common.warm(open.db)
  const more = [await tagged('dog'), await tagged('dog')]
  expect(await common.follow(open.db, await readDatabaseState(open.db))).toBe(false)
  expect((await matches.read(open.db, "'dog'", await readDatabaseState(open.db))).toArray()).toEqual(expect.arrayContaining(more))
  await expect.poll(async () => common.follow(open.db, await readDatabaseState(open.db))).toBe(true)
  expect((await matches.read(open.db, "'dog'", await readDatabaseState(open.db))).toArray()).toEqual(await readPlainly("'dog'"))
})

it('a small library does without', async () => {
  const common = new CommonWords()
  await tagged('dog')
  await common.warm(open.db)
  expect(await common.follow(open.db, null)).toBe(false)
  expect(common.resolve("'dog'")).toBeNull()
})
