/** @file Photos that were analysed before there were cities get theirs from the stored position, and are found by them. */

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { FacetsQuery, SuggestQuery } from '../../../src/contract/search.ts'
import { continueDocuments } from '../../../src/document/store.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { placeAgain } from '../../../src/pipeline/steps/metadata/place-again.ts'
import { saveCitySource } from '../../../src/pipeline/steps/metadata/store-cities.ts'
import { CITY_SOURCE } from '../../../src/places/find-city.ts'
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
const OSLO = { latitude: 59.9127, longitude: 10.7461, country: 'Norway' }
const add = (metadata: Record<string, string | number | null>) => addPhoto(open.db, { metadata })
const cityOf = (id: number) =>
  open.db.selectFrom('photo_metadata').select(['city', 'city_source']).where('photo_id', '=', id).executeTakeFirstOrThrow()

it('looks up what no list or another one was asked for, once', async () => {
  const oslo = await add(OSLO)
  const elsewhere = await add({ latitude: 30, longitude: -40, city: 'Atlantis', city_source: 'geonames/of-old' })
  const nowhere = await add({ country: 'Norway' })
  const present = await add({ ...OSLO, city: 'As the step said', city_source: CITY_SOURCE })
  expect(await placeAgain(open.db, NEVER)).toBe(2)
  expect(await cityOf(oslo)).toEqual({ city: 'Oslo', city_source: CITY_SOURCE })
  expect(await cityOf(elsewhere)).toEqual({ city: null, city_source: CITY_SOURCE })
  expect(await cityOf(nowhere)).toEqual({ city: null, city_source: null })
  expect(await cityOf(present)).toMatchObject({ city: 'As the step said' })
  expect(await placeAgain(open.db, NEVER)).toBe(0)
})

it('goes on where it was interrupted, and begins again for another list', async () => {
  // more than are looked up in one turn
  const { rows } = await sql<{ id: number }>`
    with made as (
      insert into photos (sha256, bytes, format, filename, sort_at, day)
      select lpad(to_hex(i), 64, '0'), 1, 'jpeg', i || '.jpg', now(), current_date from generate_series(1, 205) i returning id)
    insert into photo_metadata (photo_id, latitude, longitude, country, face_regions, raw)
    select id, ${OSLO.latitude}::float8, ${OSLO.longitude}::float8, ${OSLO.country}, '[]', '{}' from made returning photo_id as id`.execute(
    open.db,
  )
  const ids = rows.map(({ id }) => id).toSorted((a, b) => a - b)
  const stopping = new AbortController()
  const running = placeAgain(open.db, stopping.signal)
  await expect.poll(async () => (await cityOf(ids[0]!)).city).toBe('Oslo')
  stopping.abort()
  const first = await running
  expect(first + (await placeAgain(open.db, NEVER))).toBe(205)
  expect((await cityOf(ids.at(-1)!)).city).toBe('Oslo')
  await saveCitySource(open.db, 'geonames/of-old')
  expect(await placeAgain(open.db, NEVER)).toBe(0)
})

it('is a filter, a facet, a word and a suggestion', async () => {
  const [oslo, rome] = [await add(OSLO), await add({ latitude: 41.8902, longitude: 12.4922, country: 'Italy' })]
  await placeAgain(open.db, NEVER)
  while ((await continueDocuments(open.db, 100)) > 0);
  const index = new FacetIndex()
  const ask = makeSearch(open.db, { facetIndex: index })
  for (const query of [{ q: 'in:"oslo"' }, { q: 'in:norway' }, { city: 'oslo' }, { q: 'oslo', mode: 'keyword' }])
    expect(idsOf(await ask(query))).toEqual([oslo])
  expect(idsOf(await ask({ q: '-in:oslo' }))).toEqual([rome])
  const deps = {
    db: open.db,
    language: 'english' as const,
    textEmbedder: () => Promise.resolve(null),
    semanticNotice: () => null,
    activeSpace: () => Promise.resolve(null),
  }
  const { facets } = await createFacets(deps, index)(EVERY_PHOTO, FacetsQuery.parse({}))
  expect(facets.city?.values.map(({ value, count }) => [value, count])).toEqual([
    ['Oslo', 1],
    ['Rome', 1],
  ])
  const { suggestions } = await findSuggestions(open.db, index, EVERY_PHOTO, SuggestQuery.parse({ q: 'in:o' }))
  expect(suggestions.map(({ q }) => q)).toEqual(['in:Oslo'])
})
