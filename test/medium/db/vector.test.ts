/** @file Vectors come back as they went in; a space gets its index when it pays, and the planner uses it. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ensureSpace, ensureVectorIndex, fromVectorText, INDEX_FROM_VECTORS, saveEmbedding, toVectorText } from '../../../src/db/vector.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const WIDTH = 32

function unitVector(seed: number): Float32Array {
  const vector = Float32Array.from(
    { length: WIDTH },
    (_, index) => Math.sin(seed * 12.9898 + index * 78.233) + Math.cos(seed * (index + 1)),
  )
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}

async function insertPhotos(count: number): Promise<void> {
  await sql`insert into photos (sha256, bytes, filename, sort_at, day)
    select lpad(to_hex(i), 64, '0'), 1, i || '.jpg', now(), current_date from generate_series(1, ${count}::int) i`.execute(open.db)
}

test('round trip without losing a bit', async () => {
  await insertPhotos(1)
  const space = await ensureSpace(open.db, { name: 'test', width: WIDTH, hasText: false }, 'test@1')
  const vector = unitVector(7)
  await open.db.transaction().execute((trx) => saveEmbedding(trx, space, 1, unitVector(1)))
  await open.db.transaction().execute((trx) => saveEmbedding(trx, space, 1, vector))
  const rows = await open.db.selectFrom('embeddings').select('embedding').execute()
  expect(rows).toHaveLength(1)
  expect(fromVectorText(rows[0]!.embedding)).toEqual(vector)
  expect(fromVectorText(toVectorText(vector))).toEqual(vector)
})

test('a space is made once, and its width never changes', async () => {
  const space = { name: 'test', width: WIDTH, hasText: true }
  const ids = await Promise.all([1, 2, 3].map(() => ensureSpace(open.db, space, 'test@1')))
  expect(new Set(ids).size).toBe(1)
  await expect(ensureSpace(open.db, { ...space, width: 8 }, 'test@1')).rejects.toThrow('width')
})

test('a vector that is not made of numbers is refused', async () => {
  await insertPhotos(1)
  const space = await ensureSpace(open.db, { name: 'test', width: WIDTH, hasText: false }, 'test@1')
  await expect(
    open.db.transaction().execute((trx) => saveEmbedding(trx, space, 1, unitVector(1).fill(Number.NaN, 3, 4))),
  ).rejects.toMatchObject({
    code: 'model_failed',
  })
})

test('the index comes at its size, is used, and does not hold another space', async () => {
  await insertPhotos(INDEX_FROM_VECTORS)
  const [one, other] = [
    await ensureSpace(open.db, { name: 'one', width: WIDTH, hasText: false }, 'test@1'),
    await ensureSpace(open.db, { name: 'other', width: 8, hasText: false }, 'test@1'),
  ]
  const insert = (from: number, to: number) =>
    open.db
      .insertInto('embeddings')
      .values(
        Array.from({ length: to - from }, (_, index) => ({
          space_id: one,
          photo_id: from + index + 1,
          embedding: toVectorText(unitVector(from + index)),
        })),
      )
      .execute()
  await insert(0, INDEX_FROM_VECTORS - 1)
  await sql`insert into embeddings values (${other}, 1, '[1,0,0,0,0,0,0,0]')`.execute(open.db)
  expect(await ensureVectorIndex(open.db, one)).toBe(false)
  await insert(INDEX_FROM_VECTORS - 1, INDEX_FROM_VECTORS)
  // a crash after the build of an earlier program left the index without its mark
  expect(await ensureVectorIndex(open.db, one)).toBe(true)
  await open.db.updateTable('spaces').set({ indexed_at: null }).where('id', '=', one).execute()
  expect(await ensureVectorIndex(open.db, one)).toBe(true)
  expect(await ensureVectorIndex(open.db, one)).toBe(true)
  expect(await ensureVectorIndex(open.db, other)).toBe(false)

  const wanted = unitVector(1234)
  const nearest = sql<{ photo_id: number }>`select photo_id from embeddings where space_id = ${sql.lit(one)}
    order by embedding::vector(${sql.lit(WIDTH)}) <#> ${toVectorText(wanted)}::vector(${sql.lit(WIDTH)}) limit 5`
  const plan = await sql<{ 'QUERY PLAN': string }>`explain ${nearest}`.execute(open.db)
  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(`embeddings_space_${one}`)
  expect((await nearest.execute(open.db)).rows[0]).toEqual({ photo_id: 1235 })
})

test('a space too wide for an index is left to exact search', async () => {
  const wide = await ensureSpace(open.db, { name: 'wide', width: 2048, hasText: false }, 'test@1')
  expect(await ensureVectorIndex(open.db, wide)).toBe(false)
})
