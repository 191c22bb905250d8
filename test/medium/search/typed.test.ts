/** @file Filters written among the words of a search, against a database: names are looked up, all else composes. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SuggestQuery } from '../../../src/contract/search.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { FacetIndex } from '../../../src/search/facet-index.ts'
import { findPhotoIds } from '../../../src/search/run-search.ts'
import { findSuggestions } from '../../../src/search/suggest.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'
import { type Ask, idsOf, makeSearch } from '../../support/search.ts'

let open: TestDatabase
let ask: Ask
const facetIndex = new FacetIndex()
const names = new Map<number, string>()
beforeAll(async () => {
  open = await openTestDatabase()
  ask = makeSearch(open.db, { facetIndex })
  const add = async (name: string, options: Parameters<typeof addPhoto>[1]) => names.set(await addPhoto(open.db, options), name)
  await add('beach', {
    tags: ['beach', 'dog'],
    people: ['Anna Smith', 'Tom'],
    day: '2023-05-14',
    metadata: { country: 'Norway', city: 'Ålesund', camera_model: 'Canon EOS 5D' },
  })
  await add('party', { tags: ['cake'], people: ['Annabel Jones'], day: '2024-01-01', metadata: { rating: 4, camera_model: 'Canon R5' } })
  await add('street', {
    tags: ['dog', 'hot dog'],
    text: 'sale of a beach ball',
    day: '2022-12-31',
    metadata: { country: 'New Zealand', rating: 2, camera_model: 'X-T4' },
  })
  await add('wide', { width: 3000, height: 1000, format: 'heic', state: 'partial' })
})
afterAll(() => open?.[Symbol.asyncDispose]())

const find = async (q: string) =>
  idsOf(await ask({ q }))
    .map((id) => names.get(id))
    .sort()

describe('finds', () => {
  it.each<[string, string[]]>([
    ['person:anna', ['beach', 'party']],
    ['person:"anna smith"', ['beach']],
    ['person:tom,annabel', ['beach', 'party']],
    ['person:anna person:tom', ['beach']],
    ['-person:anna', ['street', 'wide']],
    ['-person:nobody', ['beach', 'party', 'street', 'wide']],
    ['in:norway', ['beach']],
    ['in:"new zealand"', ['street']],
    ['in:new', ['street']],
    ['in:"alesund"', ['beach']],
    ['in:ålesund,"new zealand"', ['beach', 'street']],
    ['city:norway', []],
    ['alesund', ['beach']],
    ['camera:canon', ['beach', 'party']],
    ['camera:canon -camera:r5', ['beach']],
    ['tag:dog', ['beach', 'street']],
    ['tag:dog,cake', ['beach', 'party', 'street']],
    ['tag:dog -tag:"hot dog"', ['beach']],
    ['beach has:text', ['street']],
    ['beach -has:text', ['beach']],
    ['rating:>=3', ['party']],
    ['rating:<3', ['street']],
    ['is:panorama', ['wide']],
    ['is:partial', ['wide']],
    ['format:heic', ['wide']],
    ['before:2023', ['street']],
    ['on:2023 dog', ['beach']],
    ['after:2023-05-13 before:2024', ['beach']],
    ['colour:', []],
  ])('%s', async (q, expected) => expect(await find(q)).toEqual(expected))
})

it('says which name nothing bears, and finds nothing by it', async () => {
  const answer = await ask({ q: 'person:zoë' })
  expect(answer).toMatchObject({ total: 0, query: 'person:zoë', ran: ['list'] })
  expect(answer.notice).toBe('Nothing in the library is called person:zoë.')
  expect((await ask({ q: 'beach before:soon', mode: 'keyword' })).notice).toBe(
    '“before:soon” could not be read as a filter; its words were looked for.',
  )
})

it('pages through, and goes with filters and `where`', async () => {
  const first = await ask({ q: 'tag:dog', limit: 1 })
  expect(first.total).toBe(2)
  const second = await ask({ q: 'tag:dog', limit: 1, cursor: first.next })
  expect([...idsOf(first), ...idsOf(second)].map((id) => names.get(id)).sort()).toEqual(['beach', 'street'])
  expect(idsOf(await ask({ q: 'tag:dog', people: '1' })).map((id) => names.get(id))).toEqual(['beach'])
  expect(idsOf(await ask({ q: 'tag:dog', where: '{"not":{"country":["Norway"]}}' })).map((id) => names.get(id))).toEqual(['street'])
  await expect(ask({ q: 'tag:dog', where: '{' })).rejects.toMatchObject({ code: 'bad_request' })
})

it('holds wherever photos are chosen by a search', async () => {
  const deps = {
    db: open.db,
    textEmbedder: () => Promise.resolve(null),
    semanticNotice: () => null,
    activeSpace: () => Promise.resolve(null),
    language: 'english' as const,
  }
  const ids = await findPhotoIds(deps, EVERY_PHOTO, { q: 'camera:canon', mode: 'hybrid', all: false })
  expect(ids.map((id) => names.get(id)).sort()).toEqual(['beach', 'party'])
})

it('suggests values after their key, most photos first', async () => {
  const suggest = async (q: string) => (await findSuggestions(open.db, facetIndex, EVERY_PHOTO, SuggestQuery.parse({ q }))).suggestions
  expect((await suggest('camera:')).map(({ text }) => text)).toEqual(['Canon EOS 5D', 'Canon R5', 'X-T4'])
  expect(await suggest('sun -camera:can')).toMatchObject([
    { kind: 'value', q: 'sun -camera:"Canon EOS 5D"', count: 1 },
    { q: 'sun -camera:"Canon R5"' },
  ])
  expect(await suggest('person:tom,"anna s')).toMatchObject([{ kind: 'person', text: 'Anna Smith', q: 'person:tom,"Anna Smith"' }])
  expect((await suggest('tag:dog'))[0]).toMatchObject({ kind: 'tag', text: 'dog', q: 'tag:dog', count: 2 })
  expect((await suggest('annab'))[0]).toMatchObject({ kind: 'person', q: 'person:"Annabel Jones"' })
  expect((await suggest('in:')).map(({ q }) => q).sort()).toEqual(['in:"New Zealand"', 'in:Norway', 'in:Ålesund'])
  expect(await suggest('unknown:x')).toEqual([])
})

it('answers over HTTP', async () => {
  await using server = await openTestServer(open)
  const { total } = (await server.inject('/api/search?q=person%3Atom')).json()
  expect(total).toBe(1)
  expect((await server.inject('/api/search/facets?q=person%3Atom')).json()).toMatchObject({ total: 1 })
})
