/** @file Product pictures at 100,000: is an upload in the store already, and what reading it costs; a picture on white; a ZIP of 500 in constant memory. */

import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../src/db/client.ts'
import { OUTLINE_SIDE } from '../src/domain/likeness/find-part.ts'
import { describeLook, LOOK_SIDE } from '../src/domain/likeness/look.ts'
import { silentLog } from '../src/domain/log.ts'
import { PRODUCT_PROFILES } from '../src/domain/product/product-profiles.ts'
import type { ShotMeasures } from '../src/domain/product/shot.ts'
import { writeZip } from '../src/library/zip.ts'
import { DuplicateIndex } from '../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createProductExport } from '../src/product/export-products.ts'
import { findLike } from '../src/product/find-like.ts'
import { createProbe } from '../src/product/probe/client.ts'
import type { Probed } from '../src/product/probe/protocol.ts'
import { createStoreMembers } from '../src/product/store-members.ts'
import { ensureProduct } from '../src/product/store-products.ts'
import { VectorIndex } from '../src/search/vectors/vector-index.ts'
import { fileAt } from '../test/support/blobs.ts'
import { LIMITS } from '../test/support/media.ts'
import { dataPath, modelPath } from '../test/support/shared.ts'
import { makeRandom } from './random.ts'
import type { Benchmark, Row } from './row.ts'
import { openSearchLibrary } from './search-library.ts'
import { WIDTH } from './standin-vectors.ts'
import { run as renderOnWhite } from './white-background.ts'

/** A tenth of it tries the bench out: `FOTOTECA_BENCH_PHOTOS=10000 FOTOTECA_BENCH_ZIPPED=100`. */
const PHOTOS = Number(process.env.FOTOTECA_BENCH_PHOTOS ?? 100_000)
const UPLOADS = 200
const ZIPPED = Number(process.env.FOTOTECA_BENCH_ZIPPED ?? 500)
/** A reader who takes a chunk (256 KiB) and then looks away: what a ZIP holds back for it is the memory it costs. */
const SLOW_MS = 2
const ZIPPED_BYTES = 4_000_000
const STORE = 'bench'
const READ = 40

export async function run(): Promise<Benchmark> {
  await using library = await openSearchLibrary(PHOTOS, (line) => console.log(`  ${line}`))
  const { db } = library
  await sql`insert into product_pictures (photo_id, store, key, display_name)
    select id, ${STORE}, id || '.jpg', filename from photos on conflict do nothing`.execute(db)
  await sql`analyze product_pictures`.execute(db)
  const rows: Row[] = []
  await using index = new VectorIndex(db, silentLog)
  index.warm({ id: library.spaceId, width: WIDTH })
  await index.filled()
  const members = createStoreMembers()
  const inMemory = {
    findNear: (question: Parameters<typeof index.nearest>[0]) => index.nearest(question),
    membersOf: (store: string) => members.of(db, store),
  }
  const { name: space } = await db.selectFrom('spaces').select('name').where('id', '=', library.spaceId).executeTakeFirstOrThrow()
  const duplicates = new DuplicateIndex()
  const random = makeRandom(5)
  const times: number[] = []
  let found = 0
  for (let upload = 0; upload < UPLOADS + 5; upload++) {
    // every second one is a picture of the store seen slightly otherwise, the others are new
    const at = Math.floor(random() * PHOTOS) * WIDTH
    const near = upload % 2 === 0 ? 0.01 : 0.9
    const vector = normalise(library.vectors.slice(at, at + WIDTH).map((value) => value + (random.normal() * near) / Math.sqrt(WIDTH)))
    const probed: Probed = {
      hash: { pdq: randomBytes(32), quality: 90, dihedral: randomBytes(256) },
      look: { vector: describeLook(new Uint8Array(LOOK_SIDE * LOOK_SIDE * 3)), outline: new Uint8Array(OUTLINE_SIDE ** 2) },
      embedding: { space: { name: space, width: WIDTH, hasText: true }, vector, modelId: 'bench' },
      embeddingProblem: null,
      shot: {} as ShotMeasures,
      jpeg: null,
    }
    const started = performance.now()
    const likes = await findLike(
      { db, inMemory, duplicates, pdqThreshold: 8 },
      { store: STORE, sha256: randomBytes(32).toString('hex'), probed, below: 0.05, limit: 5 },
    )
    if (upload < 5) continue // the hashes are read at the first one
    times.push(performance.now() - started)
    if (likes[0]?.kind) found++
  }
  times.sort((a, b) => a - b)
  rows.push({ label: `is an upload among ${PHOTOS} pictures, p50`, value: times[times.length >> 1] ?? 0, unit: 'ms' })
  rows.push({
    label: `is an upload among ${PHOTOS} pictures, p95 (wanted: 150)`,
    value: times[Math.floor(times.length * 0.95)] ?? 0,
    unit: 'ms',
  })
  rows.push({ label: 'of uploads that are there, told as duplicates', value: (100 * found) / (UPLOADS / 2), unit: '%' })
  rows.push(...(await readUploads()), ...(await zip(library.db)), ...(await renderOnWhite()).rows)
  return { name: 'products', rows }
}

/** In the process that does it: decoded, hashed, measured, embedded by the small stand-in model. A model one uses costs what `embedding` says of it. */
async function readUploads(): Promise<Row[]> {
  const options = {
    device: 'cpu',
    embedding: { folder: modelPath('semantic-standin') },
    ...LIMITS,
    decodeTimeoutMs: 60_000,
  } as const
  await using probe = createProbe({ options: () => options, environment: process.env })
  const names = readdirSync(dataPath('products/earrings')).filter((name) => name.endsWith('.jpg'))
  const times: number[] = []
  for (const name of names.slice(0, READ + 1)) {
    const started = performance.now()
    await probe.ask({ path: dataPath('products/earrings', name), format: 'jpeg', jpegSide: null })
    times.push(performance.now() - started)
  }
  const [first = 0, ...rest] = times
  rest.sort((a, b) => a - b)
  return [
    { label: 'an upload read and embedded (stand-in), the first of all', value: first, unit: 'ms' },
    { label: 'an upload read and embedded (stand-in), p50', value: rest[rest.length >> 1] ?? 0, unit: 'ms' },
    { label: 'an upload read and embedded (stand-in), p95', value: rest[Math.floor(rest.length * 0.95)] ?? 0, unit: 'ms' },
  ]
}

async function zip(db: Db): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-bench-zip-'))
  try {
    const path = join(folder, 'picture.jpg')
    await writeFile(path, randomBytes(ZIPPED_BYTES))
    await db.transaction().execute(async (trx) => {
      const id = await ensureProduct(trx, STORE, 'SKU')
      await trx.updateTable('product_pictures').set({ product_id: null }).where('product_id', 'is not', null).execute()
      await trx
        .updateTable('product_pictures')
        .set({ product_id: id })
        .where('id', 'in', trx.selectFrom('product_pictures').select('id').where('store', '=', STORE).orderBy('id').limit(ZIPPED))
        .execute()
    })
    const urlOf = async ({ key }: { key: string }) => `https://img.example.com/${key}`
    const open = createProductExport({
      db,
      pickStore: () => STORE,
      locate: () => fileAt(path),
      urlOf,
      profile: PRODUCT_PROFILES.jewelry,
    })
    const rows: Row[] = []
    for (const [reader, pauseMs] of [
      ['a quick reader', 0],
      ['a slow reader', SLOW_MS],
    ] as const) {
      globalThis.gc?.()
      const before = process.memoryUsage.rss()
      let [most, bytes] = [0, 0]
      const started = performance.now()
      for await (const chunk of writeZip((await open(STORE, 'amazon', '')).entries)) {
        bytes += chunk.length
        most = Math.max(most, process.memoryUsage.rss() - before)
        if (pauseMs > 0 && chunk.length > 1000) await sleep(pauseMs)
      }
      const seconds = (performance.now() - started) / 1000
      const of = `ZIP of ${ZIPPED} pictures (${Math.round(bytes / 1e6)} MB), ${reader}`
      rows.push(
        { label: `${of}: most memory above the start`, value: most / 1e6, unit: 'MB' },
        { label: `${of}: rate`, value: bytes / 1e6 / seconds, unit: 'MB/s' },
      )
    }
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}
