/** @file Recall of the vector index against the truth, mean and worst, also under filters. Data and index are the same every run but for HNSW’s own dice. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRandom } from '../../../bench/random.ts'
import { ensureSpace, ensureVectorIndex, toVectorText } from '../../../src/db/vector.ts'
import { IdSet } from '../../../src/domain/id-set.ts'
import { composeFilters } from '../../../src/search/filters.ts'
import { EXACT_BELOW, findByVector, NEAREST, readSpace } from '../../../src/search/store-vector.ts'
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
}, 120_000)
afterAll(() => open?.[Symbol.asyncDispose]())

// days run through 1,000 values: `to` keeps the first n of each 1,000 photos
describe.each([
  [1000, 'no filter'],
  [500, '50 %'],
  [100, '10 %'],
  [10, '1 %'],
  [1, '0.1 %'],
])('%i of 1,000 photos kept', (kept) => {
  it('finds the nearest, never too few', async () => {
    const space = (await readSpace(open.db, { id: spaceId }))!
    expect(space.isIndexed).toBe(true)
    const keeps = (id: number) => id % 1000 < kept
    const day = new Date(Date.UTC(2020, 0, 1) + (kept - 1) * 86_400_000).toISOString().slice(0, 10)
    const at10: number[] = []
    const atAll: number[] = []
    for (const question of questions) {
      const expected = truth(question, keeps)
      const found = await findByVector(open.db, {
        space,
        vector: toVectorText(question),
        demands: composeFilters(kept === 1000 ? {} : { to: day }),
        kept: kept === 1000 ? null : IdSet.of(vectors.flatMap((_, i) => (keeps(i + 1) ? [i + 1] : []))),
        maxPhotoId: COUNT,
        exceptId: null,
      })
      const ids = new Set(found.map(({ id }) => id))
      expect(found).toHaveLength(Math.min(NEAREST, expected.length))
      expect([...ids].every(keeps)).toBe(true)
      expect(found.every(({ distance }, i) => i === 0 || distance! >= found[i - 1]!.distance!)).toBe(true)
      const share = (k: number) => expected.slice(0, k).filter((id) => ids.has(id)).length / Math.min(k, expected.length)
      at10.push(share(10))
      atAll.push(share(NEAREST))
    }
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
    expect(mean(at10)).toBeGreaterThanOrEqual(0.99)
    expect(Math.min(...at10)).toBeGreaterThanOrEqual(0.9)
    expect(mean(atAll)).toBeGreaterThanOrEqual(0.97)
    expect(Math.min(...atAll)).toBeGreaterThanOrEqual(0.8)
  }, 120_000)
})
