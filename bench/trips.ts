/** @file Finding the trips of a library of 100,000 photos: how long the answer takes, and the longest time others wait for the event loop. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Db, openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import { createTrips } from '../src/group/trips/trips.ts'
import type { Benchmark, Row } from './row.ts'

const SIZES = (process.env.FOTOTECA_BENCH_PHOTOS ?? '100000').split(',').map(Number)
/** photos on a day; every tenth week is spent in Rome, Florence or Tokyo */
const PER_DAY = 10

export async function run(): Promise<Benchmark> {
  const rows: Row[] = []
  for (const photos of SIZES) {
    const folder = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
    try {
      await using open = await openDatabase({ dataDir: folder })
      await migrateToLatest(open.db)
      await build(open.db, photos)
      const first = await measure(open.db)
      const second = await measure(open.db)
      rows.push(
        { label: `${photos} photos: trips`, value: first.trips, unit: '' },
        { label: `${photos} photos: first answer`, value: first.ms, unit: 'ms' },
        { label: `${photos} photos: longest turn, first answer`, value: first.longest, unit: 'ms' },
        { label: `${photos} photos: longest turn, another answer`, value: second.longest, unit: 'ms' },
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return { name: 'trips', rows, notes: ['PGlite; a turn is the time between two looks of a timer that asks for every millisecond'] }
}

async function build(db: Db, photos: number): Promise<void> {
  for (let from = 1; from <= photos; from += 10_000) {
    const to = Math.min(photos, from + 9999)
    await sql`insert into photos (sha256, bytes, format, filename, state, sort_at, day, taken_local)
      select lpad(to_hex(i), 64, '0'), 1, 'jpeg', i || '.jpg', 'completed', now(), date '1998-01-01' + i / ${sql.lit(PER_DAY)}, date '1998-01-01' + i / ${sql.lit(PER_DAY)}
      from generate_series(${from}::int, ${to}::int) i`.execute(db)
    await sql`insert into photo_metadata (photo_id, latitude, longitude, city, country, face_regions, raw)
      select i, p.latitude + (i % 100) / 5000.0, p.longitude, p.city, p.country, '[]', '{}' from generate_series(${from}::int, ${to}::int) i
      join (values (0, 41.9, 12.5, 'Rome', 'Italy'), (1, 43.77, 11.25, 'Florence', 'Italy'), (2, 35.69, 139.69, 'Tokyo', 'Japan'),
        (3, 59.91, 10.75, 'Oslo', 'Norway')) p (place, latitude, longitude, city, country)
        on p.place = case when i / ${sql.lit(PER_DAY * 7)} % 10 = 0 then i / ${sql.lit(PER_DAY * 70)} % 3 else 3 end`.execute(db)
  }
  await sql`vacuum analyze`.execute(db)
}

async function measure(db: Db): Promise<{ trips: number; ms: number; longest: number }> {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  const started = performance.now()
  const trips = await createTrips(db)(EVERY_PHOTO)
  const ms = performance.now() - started
  await new Promise((resolve) => setTimeout(resolve, 5))
  clearInterval(timer)
  return { trips: trips.length, ms, longest }
}
