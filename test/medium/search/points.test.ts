/** @file Positions of photos for a map, and the places they name: right, filtered, small, and not sent again to a client that has them. */
import { brotliCompressSync, constants } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'

let open: TestDatabase
let app: FastifyInstance
beforeAll(async () => {
  open = await openTestDatabase()
  app = await openTestServer(open)
})
afterAll(async () => {
  await app?.close()
  await open?.[Symbol.asyncDispose]()
})
beforeEach(() => truncateAll(open.db))

const ask = (query = '', headers = {}) => app.inject({ url: `/api/places/points${query}`, headers })
const add = (latitude: number, longitude: number, city: string | null, country: string | null = 'Norway') =>
  addPhoto(open.db, { metadata: { latitude, longitude, city, country } })

it('says where each photo was taken, of those the filters keep, and not of what is hidden', async () => {
  expect((await ask()).json()).toEqual({ ids: [], latitudes: [], longitudes: [] })
  const oslo = await add(59.913868, 10.752252, 'Oslo')
  const bergen = await add(60.39, 5.32, 'Bergen')
  await addPhoto(open.db)
  const gone = await add(1, 1, null)
  await sql`update photos set trashed_at = now() where id = ${gone}`.execute(open.db)
  const product = await add(2, 2, null)
  await sql`update photos set collection = 'products' where id = ${product}`.execute(open.db)
  expect((await ask()).json()).toEqual({ ids: [oslo, bergen], latitudes: [5991387, 6039000], longitudes: [1075225, 532000] })
  expect((await ask('?city=Bergen')).json()).toMatchObject({ ids: [bergen] })
  expect((await ask('?area=59,10,60,11')).json()).toMatchObject({ ids: [oslo] })
  expect((await ask('?area=60,10,59,11')).statusCode).toBe(422)
})

it('is not sent again as long as it is the same, whatever else was written', async () => {
  await add(59.9, 10.7, 'Oslo')
  const first = await ask()
  const tag = String(first.headers.etag)
  expect(first.headers['cache-control']).toBe('private, no-cache')
  expect(await ask('', { 'if-none-match': `W/${tag}` })).toMatchObject({ statusCode: 304, body: '' })
  await addPhoto(open.db)
  expect((await ask('', { 'if-none-match': tag })).statusCode).toBe(304)
  await add(60, 10, 'Oslo')
  const second = await ask('', { 'if-none-match': tag })
  expect(second.statusCode).toBe(200)
  expect(second.json().ids).toHaveLength(2)
})

it('lists countries and cities by their photos', async () => {
  await add(60.39, 5.32, 'Bergen')
  const oslo = [await add(59.9, 10.7, 'Oslo'), await add(59.92, 10.72, 'Oslo'), await add(59.91, 10.71, 'Oslo')]
  const lost = await add(70, 25, null)
  await add(0, 0, null, null)
  expect((await app.inject('/api/places')).json().places).toMatchObject([
    { country: 'Norway', city: 'Oslo', count: 3, photo_id: oslo[2], latitude: 59.91, longitude: 10.71 },
    { country: 'Norway', city: 'Bergen', count: 1 },
    { country: 'Norway', city: null, count: 1, photo_id: lost },
  ])
})

it('takes no more than 1.5 MB for 100,000 photos', async () => {
  await sql`insert into photos (sha256, bytes, format, filename, state, sort_at, day)
    select lpad(to_hex(i), 64, '0'), 1, 'jpeg', i || '.jpg', 'completed', now(), current_date from generate_series(1, 100000) i`.execute(
    open.db,
  )
  await sql`insert into photo_metadata (photo_id, face_regions, raw, latitude, longitude)
    select id, '[]', '{}', random() * 140 - 60, random() * 360 - 180 from photos`.execute(open.db)
  await sql`analyze photos, photo_metadata`.execute(open.db)
  const { body } = await ask()
  const bytes = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }).length
  expect(bytes).toBeLessThan(1_500_000)
})
