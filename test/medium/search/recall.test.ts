/** @file Recall of the vector index against the truth, mean and worst, also under filters. Data and index are the same every run but for HNSW’s own dice. */

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRandom } from '../../../bench/random.ts'
import { ensureSpace, ensureVectorIndex, saveEmbedding, toVectorText } from '../../../src/db/vector.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { IdSet } from '../../../src/domain/search/id-set.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { composeFilters } from '../../../src/search/filters.ts'
import { EXACT_BELOW, type FindNear, findByVector, NEAREST, readSpace } from '../../../src/search/store-vector.ts'
import { VectorIndex } from '../../../src/search/vectors/vector-index.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

/** More than EXACT_BELOW survive the weak filters, so that those go through the index. */
const COUNT = 2 * EXACT_BELOW + 2000
const WIDTH = 32
const CLUSTERS = 80
const QUESTIONS = 24

let open: TestDatabase
const vectors: Float32Array[] = []
const questions: Float32Array[] = []
let spaceId = 0
let index: VectorIndex

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
function truth(question: Float32Array, keeps: (id: number) => boolean): number[] {
  return vectors
    .flatMap((vector, i) => (keeps(i + 1) ? [{ id: i + 1, near: dot(vector, question) }] : []))
    .sort((a, b) => b.near - a.near)
    .map(({ id }) => id)
}

beforeAll(async () => {
  const random = makeRandom(3)
  const point = (centre: Float32Array | null, spread: number) => {
    const raw = Array.from({ length: WIDTH }, (_, i) => (centre?.[i] ?? 0) + (random.normal() * spread) / Math.sqrt(WIDTH))
    const length = Math.hypot(...raw)
    return Float32Array.from(raw, (value) => value / length)
  }
  // clusters are what libraries look like, and what a graph index finds hard
  const centres = Array.from({ length: CLUSTERS }, () => point(null, 1))
  for (let i = 0; i < COUNT; i++) vectors.push(point(random.pick(centres), 0.6))
  for (let i = 0; i < QUESTIONS; i++) questions.push(i % 2 ? point(random.pick(centres), 0.4) : point(null, 1))
  open = await openTestDatabase()
  await sql`insert into photos (sha256, bytes, filename, sort_at, day, state)
    select lpad(i::text, 64, '0'), 1, 'p', now(), date '2020-01-01' + i % 1000, 'completed' from generate_series(1, ${sql.lit(COUNT)}) i`.execute(
    open.db,
  )
  spaceId = await ensureSpace(open.db, { name: 'recall', width: WIDTH, hasText: true }, 'test')
  for (let start = 0; start < COUNT; start += 1000)
    await sql`insert into embeddings (space_id, photo_id, embedding) select ${sql.lit(spaceId)}, ${start} + position, value::vector
      from jsonb_array_elements_text(${JSON.stringify(vectors.slice(start, start + 1000).map(toVectorText))}::jsonb) with ordinality r (value, position)`.execute(
      open.db,
    )
  expect(await ensureVectorIndex(open.db, spaceId)).toBe(true)
  await sql`analyze`.execute(open.db)
  index = new VectorIndex(open.db, silentLog)
  expect(await askIndex(questions[0]!)).toBe(null) // only begins to read
  await index.filled()
})
afterAll(async () => {
  await index?.[Symbol.asyncDispose]()
  await open?.[Symbol.asyncDispose]()
})

const askIndex = (vector: Float32Array, count = 10) =>
  index
    .nearest({ space: { id: spaceId, width: WIDTH }, vector, kept: null, maxPhotoId: 1e9, exceptId: null, count })
    .then((near) => near?.ids ?? null)

// days run through 1,000 values: `to` keeps the first n of each 1,000 photos
describe.each([
  [1000, 'no filter'],
  [500, '50 %'],
  [100, '10 %'],
  [10, '1 %'],
  [1, '0.1 %'],
])('%i of 1,000 photos kept', (kept) => {
  it.each(['the database', 'vectors in memory'])('finds the nearest, never too few, by %s', async (how) => {
    const findNear: FindNear | null = how === 'the database' ? null : (question) => index.nearest(question)
    const space = (await readSpace(open.db, { id: spaceId }))!
    expect(space.isIndexed).toBe(true)
    const keeps = (id: number) => id % 1000 < kept
    const day = new Date(Date.UTC(2020, 0, 1) + (kept - 1) * 86_400_000).toISOString().slice(0, 10)
    const at10: number[] = []
    const atAll: number[] = []
    for (const question of questions) {
      const expected = truth(question, keeps)
      const found = await findByVector(
        open.db,
        {
          space,
          vector: question,
          demands: composeFilters(EVERY_PHOTO, kept === 1000 ? {} : { to: day }),
          kept: kept === 1000 ? null : IdSet.of(vectors.flatMap((_, i) => (keeps(i + 1) ? [i + 1] : []))),
          hidden: IdSet.of([]),
          maxPhotoId: COUNT,
          exceptId: null,
        },
        findNear,
      )
      const ids = new Set(found.map(({ id }) => id))
      expect(found).toHaveLength(Math.min(NEAREST, expected.length))
      expect([...ids].every(keeps)).toBe(true)
      expect(found.every(({ distance }, i) => i === 0 || distance! >= found[i - 1]!.distance!)).toBe(true)
      const share = (k: number) => expected.slice(0, k).filter((id) => ids.has(id)).length / Math.min(k, expected.length)
      at10.push(share(10))
      atAll.push(share(NEAREST))
    }
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
    const [least10, worst10, leastAll, worstAll] = findNear ? [1, 1, 0.999, 0.99] : [0.99, 0.9, 0.97, 0.8]
    expect(mean(at10)).toBeGreaterThanOrEqual(least10)
    expect(Math.min(...at10)).toBeGreaterThanOrEqual(worst10)
    expect(mean(atAll)).toBeGreaterThanOrEqual(leastAll)
    expect(Math.min(...atAll)).toBeGreaterThanOrEqual(worstAll)
  })
})

it('vectors in memory follow what is saved, changed and deleted', async () => {
  const [question = new Float32Array()] = questions
  const [first, second, ...others] = (await askIndex(question))!
  await open.db.deleteFrom('photos').where('id', '=', first!).execute()
  await open.db.transaction().execute((trx) =>
    saveEmbedding(
      trx,
      spaceId,
      second!,
      question.map((value) => -value),
    ),
  )
  expect((await askIndex(question, 8))!.slice(0, 8)).toEqual(Int32Array.from(others))
  const far = (await askIndex(
    question.map((value) => -value),
    1,
  ))!
  expect([...far]).toEqual([second])
  // more than one waits for: the database answers until they are read
  await sql`update embeddings set changed_in = pg_current_xact_id() where photo_id > ${COUNT - 1500}`.execute(open.db)
  expect(await askIndex(question)).toBe(null)
  await index.filled()
  expect((await askIndex(question, 8))!.slice(0, 8)).toEqual(Int32Array.from(others))
})

it('a space that takes too much memory is left to the database', async () => {
  await using small = new VectorIndex(open.db, silentLog, 1000)
  small.warm({ id: spaceId, width: WIDTH })
  await small.filled()
  const question = { space: { id: spaceId, width: WIDTH }, vector: questions[0]!, kept: null, maxPhotoId: 1e9, exceptId: null, count: 10 }
  expect(await small.nearest(question)).toBe(null)
})
