/**
 * @file What the width of vectors costs: in the embedded database (table, exact scan, index, indexed search; decides ADR 23) and in the
 * scan in memory that answers searches there. `FOTOTECA_BENCH_PHOTOS` sets another size for the database, 20 times as many in memory.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Db, openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { ensureSpace, ensureVectorIndex, saveEmbedding } from '../src/db/vector.ts'
import { findByVector, readSpace } from '../src/search/store-vector.ts'
import { RowTable } from '../src/search/vectors/row-table.ts'
import { makeRandom } from './random.ts'
import type { Benchmark, Row } from './row.ts'

const PHOTOS = Number(process.env.FOTOTECA_BENCH_PHOTOS ?? 5000)
const IN_MEMORY = PHOTOS * 20
/** Qwen3-Embedding-8B’s own, what its Matryoshka training allows to cut it to, and those of SigLIP 2 (768) and CLIP (512) */
const WIDTHS = [4096, 2000, 1024, 768, 512]
/** Widths the scan in memory is for: those of image–text models. */
const SCANNED = [1024, 768, 512]
/** vectors stored per transaction */
const SAVED = 250
/** vectors put into memory at once */
const PUT = 1000
const SEARCHES = 10

export async function run(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  try {
    await using open = await openDatabase({ dataDir: folder })
    await migrateToLatest(open.db)
    await sql`insert into photos (sha256, bytes, format, filename, state, sort_at, day)
      select lpad(to_hex(i), 64, '0'), 1, 'jpeg', i || '.jpg', 'completed', now(), current_date from generate_series(1, ${PHOTOS}::int) i`.execute(
      open.db,
    )
    const rows: Row[] = []
    for (const width of WIDTHS) rows.push(...(await measure(open.db, width)))
    for (const width of SCANNED) rows.push(...measureScan(width))
    return { name: 'text-space', rows }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A maker of vectors of unit length. */
function makeVectors(width: number): () => Float32Array {
  const random = makeRandom(width)
  return () => {
    const values = Float32Array.from({ length: width }, () => random() - 0.5)
    const length = Math.hypot(...values)
    return values.map((value) => value / length)
  }
}

/** None is freed while the next one is measured. */
const held: RowTable[] = []

/** In this thread, as the scan’s thread does it. */
function measureScan(width: number): Row[] {
  const make = makeVectors(width)
  const some = new Float32Array(PUT * width)
  for (let at = 0; at < PUT; at++) some.set(make(), at * width)
  const before = process.memoryUsage().rss
  const table = new RowTable(width)
  held.push(table)
  for (let from = 1; from <= IN_MEMORY; from += PUT)
    table.put(
      Int32Array.from({ length: PUT }, (_, at) => from + at),
      some,
    )
  const bytes = process.memoryUsage().rss - before
  const times: number[] = []
  for (let i = 0; i < SEARCHES; i++) {
    const vector = make()
    const started = performance.now()
    table.nearest({ vector, kept: null, maxPhotoId: IN_MEMORY, exceptId: null, count: 200 })
    times.push(performance.now() - started)
  }
  const median = times.sort((a, b) => a - b)[SEARCHES >> 1] ?? 0
  return [
    { label: `${width} numbers: ${table.count} in memory`, value: bytes / 1e6, unit: 'MB' },
    { label: `${width} numbers: compared with all of them, median`, value: median, unit: 'ms' },
  ]
}

async function measure(db: Db, width: number): Promise<Row[]> {
  const make = makeVectors(width)
  const id = await ensureSpace(db, { name: `bench/${width}`, width, hasText: true }, 'bench')
  const before = await databaseBytes(db)
  const loading = performance.now()
  for (let from = 1; from <= PHOTOS; from += SAVED)
    await db.transaction().execute(async (trx) => {
      for (let photo = from; photo < from + SAVED && photo <= PHOTOS; photo++) await saveEmbedding(trx, id, photo, make())
    })
  const loadedMs = performance.now() - loading
  const rows: Row[] = [
    { label: `${width} numbers: a vector stored`, value: loadedMs / PHOTOS, unit: 'ms' },
    { label: `${width} numbers: on the disk, per vector`, value: ((await databaseBytes(db)) - before) / PHOTOS / 1000, unit: 'kB' },
  ]
  const search = async () => {
    const space = await readSpace(db, { id })
    if (!space) throw new Error('the space is gone')
    const times: number[] = []
    for (let i = 0; i < SEARCHES; i++) {
      const vector = make()
      const started = performance.now()
      await findByVector(db, { space, vector, maxPhotoId: PHOTOS, exceptId: null, kept: null, demands: [] })
      times.push(performance.now() - started)
    }
    return times.sort((a, b) => a - b)[SEARCHES >> 1] ?? 0
  }
  rows.push({ label: `${width} numbers: exact search of ${PHOTOS}, median`, value: await search(), unit: 'ms' })
  const building = performance.now()
  if (!(await ensureVectorIndex(db, id))) return rows
  rows.push({ label: `${width} numbers: index built`, value: (performance.now() - building) / 1000, unit: 's' })
  rows.push({ label: `${width} numbers: indexed search, median`, value: await search(), unit: 'ms' })
  return rows
}

async function databaseBytes(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`select pg_total_relation_size('embeddings')::float8 as bytes`.execute(db)
  return rows[0]?.bytes ?? 0
}
