/** @file Texts that were read before their language could be told get it from what is stored, and are found by it. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { FacetsQuery, SuggestQuery } from '../../../src/contract/search.ts'
import { continueDocuments } from '../../../src/document/store.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { LANGUAGE_SOURCE } from '../../../src/lexicon/find-language.ts'
import { tellLanguages } from '../../../src/pipeline/steps/ocr/tell-languages.ts'
import { FacetIndex } from '../../../src/search/facet-index.ts'
import { createFacets } from '../../../src/search/facets.ts'
import { findSuggestions } from '../../../src/search/suggest.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { idsOf, makeSearch } from '../../support/search.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const NEVER = new AbortController().signal
const languageOf = (id: number) =>
  open.db.selectFrom('ocr_texts').select(['language', 'language_source']).where('photo_id', '=', id).executeTakeFirstOrThrow()

it('looks once at each text nobody was asked of, and once more for another detector; goes on where it was interrupted', async () => {
  const ids: number[] = []
  for (let at = 0; at < 205; at++)
    ids.push(await addPhoto(open.db, { text: at % 2 ? 'Vietato calpestare le aiuole' : 'Volkswagen Mercedes' }))
  const [brand, lawn] = ids as [number, number]
  const stopping = new AbortController()
  const running = tellLanguages(open.db, stopping.signal)
  await expect.poll(async () => (await languageOf(lawn)).language).toBe('it')
  stopping.abort()
  const first = await running
  expect(first).toBeLessThan(206)
  expect(first + (await tellLanguages(open.db, NEVER))).toBe(205)
  expect(await languageOf(brand)).toEqual({ language: null, language_source: LANGUAGE_SOURCE })
  expect(await languageOf(ids[203]!)).toEqual({ language: 'it', language_source: LANGUAGE_SOURCE })
  expect(await tellLanguages(open.db, NEVER)).toBe(0)
  await open.db.updateTable('ocr_texts').set({ language: 'xx', language_source: 'of-old' }).where('photo_id', '=', lawn).execute()
  await open.db
    .updateTable('settings')
    .set({ value: JSON.stringify('of-old') })
    .where('key', '=', 'texts.language-source')
    .execute()
  expect(await tellLanguages(open.db, NEVER)).toBe(1)
  expect((await languageOf(lawn)).language).toBe('it')
})

it('is a filter, a facet, and a suggestion', async () => {
  const [german, english] = [
    await addPhoto(open.db, { text: 'Bitte nicht auf den Rasen treten' }),
    await addPhoto(open.db, { text: 'Keep out of reach of children' }),
  ]
  await addPhoto(open.db, { text: 'AB-123' })
  await tellLanguages(open.db, NEVER)
  while ((await continueDocuments(open.db, 100)) > 0);
  const index = new FacetIndex()
  const ask = makeSearch(open.db, { facetIndex: index })
  for (const query of [{ language: 'DE' }, { q: 'language:german' }, { q: 'lang:german' }])
    expect(idsOf(await ask(query))).toEqual([german])
  expect(idsOf(await ask({ language: 'de,en' })).toSorted()).toEqual([german, english].toSorted())
  const deps = {
    db: open.db,
    language: 'english' as const,
    textEmbedder: () => Promise.resolve(null),
    semanticNotice: () => null,
    activeSpace: () => Promise.resolve(null),
  }
  const { facets } = await createFacets(deps, index)(EVERY_PHOTO, FacetsQuery.parse({}))
  expect(facets.language?.values).toMatchObject([
    { value: 'de', label: 'German', count: 1 },
    { value: 'en', label: 'English', count: 1 },
  ])
  const { suggestions } = await findSuggestions(open.db, index, EVERY_PHOTO, SuggestQuery.parse({ q: 'lang:g' }))
  expect(suggestions.map(({ q }) => q)).toEqual(['lang:German'])
})
