import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applySearchLanguage } from '../../../src/document/store.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { type Ask, idsOf, makeSearch } from '../../support/search.ts'

let open: TestDatabase
let ask: Ask
const photos: Record<string, number> = {}
const names = (ids: readonly number[]) => ids.map((id) => Object.keys(photos).find((name) => photos[name] === id))
const find = async (q: string, more: object = {}) => names(idsOf(await ask({ q, mode: 'keyword', ...more })))

beforeAll(async () => {
  open = await openTestDatabase()
  await applySearchLanguage(open.db, 'english')
  ask = makeSearch(open.db)
  photos.anna = await addPhoto(open.db, { people: ['Anna Müller'], tags: ['person'], filename: 'DSC_01234.JPG', day: '2021-07-04' })
  photos.beach = await addPhoto(open.db, { tags: ['beach', 'dog'], filename: 'SunsetWalk2019.jpg', day: '2019-08-01' })
  photos.receipt = await addPhoto(open.db, { text: 'Beach Café Zürich\nTotal 12.50 EUR\nThank you for running with us', day: '2024-03-15' })
  photos.tokyo = await addPhoto(open.db, { text: '東京都庁 展望室 iPhone手机', filename: '旅行-001.png', day: '2018-01-02' })
  photos.titled = await addPhoto(open.db, {
    metadata: {
      title: 'Wedding of Zoë',
      description: 'first dance',
      camera_model: 'Canon EOS 5D Mark IV',
      country: 'Italy',
      keywords: ['Éclair'],
    },
    day: '2022-12-31',
  })
  photos.hebrew = await addPhoto(open.db, { text: 'שָׁלוֹם עולם', day: '2017-05-05' })
})
afterAll(() => open?.[Symbol.asyncDispose]())

describe('words are found', () => {
  it.each([
    ['muller', ['anna']],
    ['MÜLLER anna', ['anna']],
    ['dsc_01234.jpg', ['anna']],
    ['1234', ['anna']],
    ['sunset', ['beach']],
    ['2019 walk', ['beach']],
    ['beaches', ['beach', 'receipt']],
    ['run', ['receipt']],
    ['cafe zurich', ['receipt']],
    ['the beach', ['beach', 'receipt']],
    ['of', ['titled']],
    ['eclair', ['titled']],
    ['canon 5d', ['titled']],
    ['italy', ['titled']],
    ['july 2021', ['anna']],
    ['2024-03', ['receipt']],
    ['2024-03-15', ['receipt']],
    ['京都', ['tokyo']],
    ['庁', ['tokyo']],
    ['東', ['tokyo']],
    ['都京', []],
    ['展望室', ['tokyo']],
    ['手机', ['tokyo']],
    ['旅行', ['tokyo']],
    ['שלום', ['hebrew']],
    ['animals', ['beach']], // the category of the tag “dog”
  ])('%s', async (q, expected) => expect((await find(q)).sort()).toEqual([...expected].sort()))
})

it('the last word counts as a beginning, the others do not', async () => {
  expect(await find('zuri')).toEqual(['receipt'])
  expect(await find('"zuri"')).toEqual([])
  expect(await find('zuri zzzz')).toEqual([])
})

it('quotes hold words together, a minus takes photos out', async () => {
  expect(await find('"cafe zurich"')).toEqual(['receipt'])
  expect(await find('"zurich cafe"')).toEqual([])
  expect(await find('“東京都庁”')).toEqual(['tokyo'])
  expect(await find('beach -total')).toEqual(['beach'])
  expect(await find('beach -"cafe zurich"')).toEqual(['beach'])
  const rest = await ask({ q: '-beach' })
  expect(rest.ran).toEqual(['list'])
  expect(names(idsOf(rest)).sort()).toEqual(['anna', 'hebrew', 'titled', 'tokyo'])
  expect(rest.total).toBe(4)
})

it('parts of words are found where no whole word is, and said', async () => {
  expect(await find('unsetwal')).toEqual(['beach'])
  const answer = await ask({ q: 'unsetwal' })
  expect(answer.near).toEqual([{ typed: 'unsetwal', found: 'sunsetwalk2019', how: 'part' }])
  expect(answer.hits[0]?.why[0]).toMatchObject({ words: ['SunsetWalk2019'], near: answer.near })
  expect((await ask({ q: 'sunset' })).near).toEqual([])
  const [credit, red] = [await addPhoto(open.db, { text: 'accredited' }), await addPhoto(open.db, { tags: ['credit'] })]
  expect(idsOf(await ask({ q: 'credit' }))).toEqual([red])
  await open.db.deleteFrom('photos').where('id', '>=', credit).execute()
})

describe('a word that nothing knows', () => {
  it.each([
    ['weding', 'wedding'],
    ['pesron', 'person'],
    ['zurihc', 'zurich'],
    ['beahc zurihc', 'beach zurich'],
    ['Canno italiy', 'canon italy'],
    ['tag:dog -walk beahc', 'tag:dog -walk beach'],
  ])('%s is offered as %s, and never looked for unasked', async (q, offered) => {
    const answer = await ask({ q, mode: 'keyword' })
    expect(answer.hits).toEqual([])
    expect(answer.did_you_mean?.q).toBe(offered)
  })

  it('stands above weaker hits: of the other words', async () => {
    const answer = await ask({ q: 'beahc dog' })
    expect(names(idsOf(answer))).toEqual(['beach'])
    expect(answer.did_you_mean).toEqual({ typed: ['beahc'], found: ['beach'], q: 'beach dog' })
  })

  it.each([
    ['beech'], // a tree
    ['bench'],
    ['zuric'], // still being typed
    ['zurich'],
    ['202405'],
    ['"beahc"'],
    ['qwxyzzy'],
  ])('but not for %s', async (q) => expect((await ask({ q })).did_you_mean).toBeNull())

  it('is not offered as a short word', async () => {
    const doc = await addPhoto(open.db, { text: 'doc no 12' })
    const answer = await ask({ q: 'dox' })
    expect(idsOf(answer)).not.toContain(doc)
    expect(answer.did_you_mean).toBeNull()
    await open.db.deleteFrom('photos').where('id', '=', doc).execute()
  })
})

it('words are widened by what they mean while no model knows that', async () => {
  const car = await addPhoto(open.db, { tags: ['car'] })
  const dog = await addPhoto(open.db, { tags: ['terrier'] })
  for (const [q, id, found, how] of [
    ['automobile', car, 'car', 'synonym'],
    ['poodle', await addPhoto(open.db, { tags: ['labrador', 'dog'] }), 'dog', 'broader'],
  ] as const) {
    const answer = await ask({ q })
    expect(idsOf(answer), q).toContain(id)
    expect(answer.near, q).toContainEqual({ typed: q, found, how })
  }
  expect(idsOf(await ask({ q: 'vehicle' }))).toContain(car)
  expect(idsOf(await ask({ q: 'animal' }))).toContain(dog)
  expect((await ask({ q: '"automobile"' })).total).toBe(0)
  await open.db.deleteFrom('photos').where('id', '>=', car).execute()
})

it('shows the words where they stand', async () => {
  const [hit] = (await ask({ q: 'cafe zurich' })).hits
  const [snippet] = hit?.why[0]?.snippets ?? []
  expect(snippet?.where).toBe('text')
  expect(snippet?.parts.filter((part) => part.is_match).map((part) => part.text)).toEqual(['Café', 'Zürich'])
})

it('when no photo has all words, those with some answer', async () => {
  expect(await find('dog wedding zzzzqqq')).toEqual(expect.arrayContaining(['beach', 'titled']))
  expect(await find('"first dance" dog wedding zzzzqqq')).toEqual(['titled'])
  expect(await find('"no such words" dog')).toEqual([])
})

it('a file name is one thing, and the ending that all files have brings none of them', async () => {
  expect(await find('IMG_98765.jpg')).toEqual([])
  expect(await find('wedding IMG_98765.jpg')).toEqual(['titled'])
  expect((await find('dog wedding jpg')).sort()).toEqual(['beach', 'titled'])
  expect(await find('sunset DSC_01234.JPG')).toEqual(expect.arrayContaining(['anna', 'beach']))
  // alone it is a word as any other
  expect(await find('png')).toEqual(['tokyo'])
})

it('NOT leaves out, OR finds either, in other forms too', async () => {
  expect(await find('beach NOT dog')).toEqual(['receipt'])
  expect((await find('dogs OR weddings')).sort()).toEqual(['beach', 'titled'])
  expect((await find('muller OR 手机 OR eclair')).sort()).toEqual(['anna', 'titled', 'tokyo'])
  expect(await find('beach dog OR wedding')).toEqual(['beach'])
  expect(await find('beach tag:dog OR person:anna')).toEqual(['beach'])
  expect((await find('tag:dog OR person:"anna müller"')).sort()).toEqual(['anna', 'beach'])
  const [hit] = (await ask({ q: 'xyzzy OR walk', mode: 'keyword' })).hits
  expect(hit?.why[0]).toMatchObject({ where: ['filename'], words: ['Walk'] })
})

it('ranks people and titles over tags over text over file names', async () => {
  const text = await addPhoto(open.db, { text: 'quokka' })
  const file = await addPhoto(open.db, { filename: 'quokka.jpg' })
  const person = await addPhoto(open.db, { people: ['Quokka'] })
  const tag = await addPhoto(open.db, { tags: ['quokka'] })
  expect(idsOf(await ask({ q: 'quokka', mode: 'keyword' }))).toEqual([person, tag, text, file])
})

describe('says why', () => {
  const why = async (q: string) => (await ask({ q })).hits.map(({ why: [reason] }) => ({ where: reason?.where, words: reason?.words }))
  it.each([
    ['muller', [{ where: ['person'], words: ['Müller'] }]],
    ['cafe running', [{ where: ['text'], words: ['Café', 'running'] }]],
    ['run', [{ where: ['text'], words: ['running'] }]],
    ['sunset', [{ where: ['filename'], words: ['SunsetWalk2019', 'Sunset'] }]],
    ['wedd', [{ where: ['metadata'], words: ['Wedding'] }]],
    ['"cafe zurich"', [{ where: ['text'], words: ['Café Zürich'] }]],
    ['京都', [{ where: ['text'], words: ['東京都庁'] }]],
    ['dog', [{ where: ['tag'], words: ['dog'] }]],
    ['mammal', [{ where: ['broader'], words: ['mammal'] }]],
  ])('%s', async (q, expected) => expect((await why(q)).slice(0, 1)).toEqual(expected))

  it('also of documents that were written before their facts were kept', async () => {
    await open.db.deleteFrom('document_facts').execute()
    expect((await why('muller')).slice(0, 1)).toEqual([{ where: ['person'], words: ['Müller'] }])
  })
})

it('nothing a person can type breaks it', async () => {
  const nasty = [
    "'",
    "''",
    '\\',
    "\\'",
    '" OR 1=1 --',
    "'); drop table photos; --",
    '!',
    '& |',
    'a:*',
    'a & !b | (c',
    '<->',
    '%',
    '_',
    '%%%',
    '"',
    '""',
    '-',
    '--',
    '-"',
    '- -',
    '\0',
    'a\0b',
    '\ud800',
    '🙂',
    '👨‍👩‍👧',
    '\u202eabc',
    'x'.repeat(500),
    '"'.repeat(500),
    'é'.repeat(250),
    '漢'.repeat(500),
    'a '.repeat(250).trim(),
    '½',
    '㍿',
    'ﷺ',
    '́',
    '-🙂',
    ':*',
    "a':*",
    '$1',
    '{}',
    '[1,2]',
    '0x00',
    '1e5',
    'http://user@host:80/a?b=c#d',
    'C:\\a\\b',
    '<b>',
    'a\tb\nc',
    'ﬁ',
    'नमस्ते',
    'ไทย',
    'ß',
    'İ',
    'the the the',
  ]
  let state = 17
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const alphabet = [...'ab\'"\\:*&|!()<->-%_ \t\0é東🙂,;$1{}[]\u202e']
  for (let i = 0; i < 150; i++)
    nasty.push(Array.from({ length: 1 + Math.floor(random() * 20) }, () => alphabet[Math.floor(random() * alphabet.length)]).join(''))
  for (const q of nasty) {
    const answer = await ask({ q: q.slice(0, 500) })
    expect(answer.total, JSON.stringify(q)).toBeGreaterThanOrEqual(answer.hits.length)
  }
})

it('a changed language rewrites the documents', async () => {
  const id = await addPhoto(open.db, { text: 'schönen Häuser' })
  const read = async () =>
    (await open.db.selectFrom('search_documents').select('tsv').where('photo_id', '=', id).executeTakeFirstOrThrow()).tsv
  expect(await read()).not.toContain("'haus'")
  expect(await applySearchLanguage(open.db, 'german')).toBeGreaterThan(5)
  expect(await applySearchLanguage(open.db, 'german')).toBe(0)
  expect(await read()).toContain("'haus'")
  expect(idsOf(await makeSearch(open.db, { language: 'german' })({ q: 'Häusern', mode: 'keyword' }))).toContain(id)
  expect(await read()).toContain("'hauser'")
  await applySearchLanguage(open.db, 'english')
})
