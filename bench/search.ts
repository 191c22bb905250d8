/**
 * @file Search in a library of 100,000 photos in the embedded database, through the real `runSearch` with the query already encoded:
 * time to the answer, time and recall of the vector part, also under filters; the naive way beside it.
 * FOTOTECA_BENCH_PHOTOS sets another size. The library is built once (minutes) under the OS temp folder.
 */

import { sql } from 'kysely'
import { PeopleQuery } from '../src/contract/people.ts'
import { FacetsQuery } from '../src/contract/search.ts'
import { toVectorText } from '../src/db/vector.ts'
import { silentLog } from '../src/domain/log.ts'
import { IdSet } from '../src/domain/search/id-set.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import { listPeople } from '../src/group/people/store-people.ts'
import { listCategories } from '../src/library/store-filters.ts'
import { FacetIndex } from '../src/search/facet-index.ts'
import { createFacets } from '../src/search/facets.ts'
import { composeFilters } from '../src/search/filters.ts'
import { SearchMemory } from '../src/search/memory.ts'
import { dropFacetValues } from '../src/search/store-facet-values.ts'
import { readMatching } from '../src/search/store-list.ts'
import { type FindNear, findByVector, NEAREST, readSpace } from '../src/search/store-vector.ts'
import { findSuggestions } from '../src/search/suggest.ts'
import { VectorIndex } from '../src/search/vectors/vector-index.ts'
import type { Benchmark } from './row.ts'
import { openSearchLibrary, type SearchLibrary } from './search-library.ts'
import { makeAsk, makeDeps, makeQuestions, makeRows, mean, type Question, timeEach } from './search-questions.ts'
import { WIDTH } from './standin-vectors.ts'

const PHOTOS = Number(process.env.FOTOTECA_BENCH_PHOTOS ?? 100_000)
const NAIVE_QUERIES = 20

export async function run(log: (line: string) => void = console.error): Promise<Benchmark> {
  await using library = await openSearchLibrary(PHOTOS, log)
  await using index = new VectorIndex(library.db, silentLog)
  const findNear: FindNear = (question) => index.nearest(question)
  const questions = await makeQuestions(library)
  const { rows, add, addTimes } = makeRows()
  const before = process.memoryUsage.rss()
  const started = performance.now()
  index.warm({ id: library.spaceId, width: WIDTH })
  await index.filled()
  add('vectors read into memory', performance.now() - started, 'ms')
  add('memory they take', (process.memoryUsage.rss() - before) / 1e6, 'MB')
  const facetIndex = new FacetIndex()
  await dropFacetValues(library.db)
  addTimes('values of all photos read into memory', await timeEach([1], () => facetIndex.warm(library.db)))
  addTimes('values of all photos saved for the next start', await timeEach([1], () => facetIndex.save(library.db)))
  addTimes('values of all photos read as they were saved', await timeEach([1], () => readSaved(library)))
  const memory = new SearchMemory()
  addTimes('common words read into memory', await timeEach([1], () => memory.matches.common.warm(library.db)))
  const ask = makeAsk(library, findNear, memory, facetIndex)
  for (const question of questions.slice(0, 20)) await ask(question, {}) // warm
  const cpu = process.cpuUsage()
  const hybrid = await timeEach(questions, (question) => ask(question, {}))
  const used = process.cpuUsage(cpu)
  addTimes('hybrid, end to end', hybrid)
  add('hybrid, processor time, mean', (used.user + used.system) / 1000 / questions.length, 'core-ms')
  addTimes('keyword', await timeEach(questions, (question) => ask(question, { mode: 'keyword' })))
  addTimes('semantic', await timeEach(questions, (question) => ask(question, { mode: 'semantic' })))
  addTimes(
    'hybrid with filters (category, from, hide duplicates)',
    await timeEach(questions, (question) => ask(question, { category: ['animals'], from: '2018-01-01', hide_duplicates: true })),
  )
  addTimes('list, newest first, a page of 50', await timeEach(questions.slice(0, 50), () => ask(null, {})))
  addTimes(
    'list with filters (category, from, hide duplicates)',
    await timeEach(questions.slice(0, 50), () => ask(null, { category: ['animals'], from: '2018-01-01', hide_duplicates: true })),
  )
  const facets = createFacets(makeDeps(library, findNear, new SearchMemory(), null), facetIndex)
  addTimes('facets of the whole library', await timeEach([1, 2, 3, 4, 5], () => facets(EVERY_PHOTO, FacetsQuery.parse({}))))
  addTimes(
    'facets of words, with filters (category, from, hide duplicates)',
    await timeEach(questions.slice(0, 50), ({ q }) =>
      facets(EVERY_PHOTO, FacetsQuery.parse({ q, mode: 'keyword', category: ['animals'], from: '2018-01-01', hide_duplicates: true })),
    ),
  )
  addTimes(
    'suggestions',
    await timeEach(questions, ({ q }) => findSuggestions(library.db, facetIndex, EVERY_PHOTO, { q: q.slice(0, 3), limit: 8 })),
  )
  addTimes(
    'categories with counts',
    await timeEach([1, 2, 3], () => listCategories(library.db, EVERY_PHOTO, () => countCategories(library, facetIndex))),
  )
  addTimes('people with counts', await timeEach([1, 2, 3], () => listPeople(library.db, EVERY_PHOTO, PeopleQuery.parse({}))))
  await addVectorRows(library, questions, findNear, add, addTimes)
  const naive = questions.slice(0, NAIVE_QUERIES)
  addTimes('naive: all vectors compared in the database', await timeEach(naive, ({ vector }) => scanExactly(library, vector)))
  addTimes('naive: ILIKE over the words', await timeEach(naive, ({ q }) => scanWords(library, q)))
  add('memory of the process', process.memoryUsage.rss() / 1e6, 'MB')
  return {
    name: 'search',
    rows,
    notes: [
      `${PHOTOS} photos in PGlite; ${library.real.images.length} real pictures and ${library.real.captions.length} captions through the stand-in model (width ${WIDTH}), jittered`,
      'questions: single tags by Zipf, two tags, words of text, file names, people, whole captions, typos; one after the other',
    ],
  }
}

async function addVectorRows(
  { db, spaceId, vectors }: SearchLibrary,
  questions: readonly Question[],
  findNear: FindNear,
  add: (label: string, value: number, unit: string) => void,
  addTimes: (label: string, times: readonly number[]) => void,
): Promise<void> {
  const space = await readSpace(db, { id: spaceId })
  if (!space) throw new Error('the library has no space')
  const { rows } = await sql<{ id: number; day: string }>`select id, day::text as day from photos order by id`.execute(db)
  const days = rows.map(({ day }) => day).sort()
  for (const share of [1, 0.5, 0.1, 0.01, 0.001]) {
    const to = days[Math.floor(share * days.length) - 1]!
    const kept = share === 1 ? null : new Uint8Array(rows.map(({ day }) => (day <= to ? 1 : 0)))
    const demands = composeFilters(EVERY_PHOTO, kept === null ? {} : { to })
    const ids = kept === null ? null : IdSet.of(await readMatching(db, demands))
    for (const [by, near] of [
      ['', findNear],
      [' by the database’s index', null],
    ] as const) {
      const times: number[] = []
      const at10: number[] = []
      const all: number[] = []
      for (const { vector } of near === null ? questions.slice(0, NAIVE_QUERIES * 2) : questions) {
        const started = performance.now()
        const found = await findByVector(db, { space, vector, demands, kept: ids, maxPhotoId: rows.length, exceptId: null }, near)
        times.push(performance.now() - started)
        const expected = findTruth(vectors, vector, kept)
        const foundIds = new Set(found.map(({ id }) => id))
        at10.push(expected.slice(0, 10).filter((id) => foundIds.has(id)).length / Math.min(10, expected.length))
        all.push(expected.filter((id) => foundIds.has(id)).length / expected.length)
      }
      const label = `vector part${share === 1 ? '' : `, filter keeps ${share * 100} %`}${by}`
      addTimes(label, times)
      add(`${label}, recall@10, mean`, mean(at10), '')
      add(`${label}, recall@10, worst question`, Math.min(...at10), '')
      add(`${label}, recall@${NEAREST}, mean`, mean(all), '')
    }
  }
}

/** Ids of the NEAREST, by comparing all. */
function findTruth(vectors: Float32Array, question: Float32Array, kept: Uint8Array | null): number[] {
  const near: { id: number; product: number }[] = []
  let floor = Number.NEGATIVE_INFINITY
  for (let row = 0; row < vectors.length / WIDTH; row++) {
    if (kept !== null && kept[row] === 0) continue
    let product = 0
    for (let i = 0; i < WIDTH; i++) product += question[i]! * vectors[row * WIDTH + i]!
    if (product <= floor) continue
    near.push({ id: row + 1, product })
    if (near.length === NEAREST * 4) {
      near.sort((a, b) => b.product - a.product).length = NEAREST
      floor = near[NEAREST - 1]!.product
    }
  }
  return near
    .sort((a, b) => b.product - a.product)
    .slice(0, NEAREST)
    .map(({ id }) => id)
}

const scanExactly = ({ db, spaceId }: SearchLibrary, vector: Float32Array) =>
  sql`select photo_id from embeddings where space_id = ${spaceId} order by embedding <#> ${toVectorText(vector)}::vector limit 50`.execute(
    db,
  )

const scanWords = ({ db }: SearchLibrary, q: string) =>
  sql`select photos.id from photos left join ocr_texts o on o.photo_id = photos.id
    where photos.filename ilike ${`%${q}%`} or o.text ilike ${`%${q}%`}
      or exists (select 1 from photo_tags t where t.photo_id = photos.id and t.tag ilike ${`%${q}%`}) limit 50`.execute(db)

async function readSaved({ db }: SearchLibrary): Promise<void> {
  const index = new FacetIndex()
  if (!(await index.restore(db))) throw new Error('nothing was saved')
  await index.warm(db)
}

const countCategories = async ({ db }: SearchLibrary, index: FacetIndex) =>
  new Map((await index.totals(db, EVERY_PHOTO)).flatMap(({ key, value, count }) => (key === 'category' ? [[value, count]] : [])))
