/**
 * @file Search in a library of 1,000,000 photos on a PostgreSQL server: time to the answer with the query already encoded, time and recall of
 * the vector part, also under filters, the exact comparison of all vectors beside it.
 * FOTOTECA_BENCH_POSTGRES is the server’s URL (a superuser’s); FOTOTECA_BENCH_ROWS another size. The library is a database of its own,
 * deleted at the end (8 GB for a million); with FOTOTECA_BENCH_KEEP=1 it is there for the next time. With FOTOTECA_BENCH_HNSW=1 the
 * database’s own index is built and asked too, as before the vectors are in memory.
 */

import { sql } from 'kysely'
import { toVectorText } from '../src/db/vector.ts'
import { silentLog } from '../src/domain/log.ts'
import { IdSet } from '../src/domain/search/id-set.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import { FacetIndex } from '../src/search/facet-index.ts'
import { composeFilters } from '../src/search/filters.ts'
import { SearchMemory } from '../src/search/memory.ts'
import { readMatching } from '../src/search/store-list.ts'
import { type FindNear, findByVector, NEAREST, readSpace, type SpaceRow } from '../src/search/store-vector.ts'
import { VectorIndex } from '../src/search/vectors/vector-index.ts'
import { openPostgresLibrary, type PostgresLibrary } from './postgres-library.ts'
import type { Benchmark } from './row.ts'
import { makeAsk, makeQuestions, makeRows, mean, type Question, timeEach } from './search-questions.ts'
import { WIDTH } from './standin-vectors.ts'

const ROWS = Number(process.env.FOTOTECA_BENCH_ROWS ?? 1_000_000)
const HAS_INDEX = process.env.FOTOTECA_BENCH_HNSW === '1'
/** Each is also compared with all vectors. */
const COMPARED = 40

export async function run(log: (line: string) => void = console.error): Promise<Benchmark> {
  const url = process.env.FOTOTECA_BENCH_POSTGRES ?? ''
  await using stack = new AsyncDisposableStack()
  const library = await openPostgresLibrary(url, ROWS, HAS_INDEX, log)
  if (process.env.FOTOTECA_BENCH_KEEP !== '1') stack.defer(library.drop)
  stack.use(library)
  const questions = await makeQuestions(library)
  const { rows, add, addTimes } = makeRows()
  for (const [label, seconds] of library.built) add(`built: ${label}`, seconds, 's')
  const before = process.memoryUsage.rss()
  const started = performance.now()
  const index = stack.use(new VectorIndex(library.db, silentLog))
  const findNear: FindNear = (question) => index.nearest(question)
  index.warm({ id: library.spaceId, width: WIDTH })
  await index.filled()
  add('vectors read into memory and grouped', (performance.now() - started) / 1000, 's')
  add('memory they take', (process.memoryUsage.rss() - before) / 1e6, 'MB')
  const memory = new SearchMemory()
  const [wordsBefore, wordsStarted] = [process.memoryUsage.rss(), performance.now()]
  await memory.matches.common.warm(library.db)
  add('common words read into memory', (performance.now() - wordsStarted) / 1000, 's')
  add('memory the words take', (process.memoryUsage.rss() - wordsBefore) / 1e6, 'MB')
  const facetIndex = new FacetIndex()
  addTimes('values of all photos read into memory', await timeEach([1], () => facetIndex.warm(library.db)))
  const ask = makeAsk(library, findNear, memory, facetIndex)
  for (const question of questions.slice(0, 20)) await ask(question, {}) // warm
  const filters = { category: ['animals'], from: '2018-01-01', hide_duplicates: true }
  addTimes('hybrid, end to end', await timeEach(questions, (question) => ask(question, {})))
  addTimes('keyword', await timeEach(questions, (question) => ask(question, { mode: 'keyword' })))
  addTimes('semantic', await timeEach(questions, (question) => ask(question, { mode: 'semantic' })))
  addTimes('hybrid with filters (category, from, hide duplicates)', await timeEach(questions, (question) => ask(question, filters)))
  addTimes('list, newest first, a page of 50', await timeEach(questions.slice(0, 20), () => ask(null, {})))
  const space = await readSpace(library.db, { id: library.spaceId })
  if (!space) throw new Error('the library has no space')
  for (const share of [1, 0.5, 0.1, 0.01, 0.001]) {
    const { exact, ways } = await measure(library, space, questions.slice(0, COMPARED), share, findNear)
    for (const { way, times, at10, all } of ways) {
      const label = `vector part${way}${share === 1 ? '' : `, filter keeps ${share * 100} %`}`
      addTimes(label, times)
      add(`${label}, recall@10, mean`, mean(at10), '')
      add(`${label}, recall@10, worst question`, Math.min(...at10), '')
      add(`${label}, recall@${NEAREST}, mean`, mean(all), '')
    }
    addTimes(`naive: ${share === 1 ? 'all' : `${share * 100} % of the`} vectors compared one by one`, exact)
  }
  const { rows: settings } = await sql<{ line: string }>`
    select string_agg(name || ' ' || setting || coalesce(unit, ''), ', ' order by name) as line from pg_settings
    where name in ('shared_buffers', 'effective_cache_size', 'work_mem', 'max_parallel_workers_per_gather')`.execute(library.db)
  return {
    name: 'search-postgres',
    rows,
    notes: [
      `${ROWS} photos; ${library.base} of them made one by one, the others are these with other ids, hashes and vectors (width ${WIDTH}, real ones between and beside each other)`,
      `the server: ${settings[0]?.line}; recall over ${COMPARED} questions`,
    ],
  }
}

async function measure(
  { db, spaceId }: PostgresLibrary,
  space: SpaceRow,
  questions: readonly Question[],
  share: number,
  findNear: FindNear,
) {
  const { rows: days } = await sql<{ day: string }>`
    select (percentile_disc(${share}::float8) within group (order by day))::text as day from photos`.execute(db)
  const demands = composeFilters(EVERY_PHOTO, share === 1 ? {} : { to: days[0]?.day ?? '' })
  const kept = share === 1 ? null : IdSet.of(await readMatching(db, demands))
  const exact: number[] = []
  const ways = [{ way: '', findNear }, ...(HAS_INDEX ? [{ way: ' by the database’s index', findNear: null }] : [])].map((one) => ({
    ...one,
    times: [] as number[],
    at10: [] as number[],
    all: [] as number[],
  }))
  for (const { vector } of questions) {
    const begun = performance.now()
    const expected = await findTruth(db, spaceId, vector, kept)
    exact.push(performance.now() - begun)
    for (const way of ways) {
      const started = performance.now()
      const question = { space, vector, demands, kept, maxPhotoId: ROWS, exceptId: null }
      const near = new Set((await findByVector(db, question, way.findNear)).map(({ id }) => id))
      way.times.push(performance.now() - started)
      way.at10.push(expected.slice(0, 10).filter((id) => near.has(id)).length / Math.min(10, expected.length))
      way.all.push(expected.filter((id) => near.has(id)).length / expected.length)
    }
  }
  return { exact, ways }
}

/** Ids of the NEAREST, by comparing all that are kept. */
function findTruth(db: PostgresLibrary['db'], spaceId: number, vector: Float32Array, kept: IdSet | null): Promise<number[]> {
  return db.transaction().execute(async (trx) => {
    await sql`set local enable_indexscan = off`.execute(trx)
    const only = kept === null ? sql`` : sql`and photo_id + 0 = any (${`{${kept.toArray().join(',')}}`}::integer[])`
    const { rows } = await sql<{ id: number }>`
      select photo_id as id from embeddings where space_id = ${spaceId} ${only}
      order by embedding <#> ${toVectorText(vector)}::vector, photo_id desc limit ${NEAREST}`.execute(trx)
    return rows.map(({ id }) => id)
  })
}
