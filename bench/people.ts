/**
 * @file Clustering 50,000 faces anew, of 5,000 made-up people spread as the real ones of the test pictures: time and memory of the whole pass
 * (read, compare, place, write), how right it is, what 100 new faces cost after it, and how long the event loop was held up.
 */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sql } from 'kysely'
import { type Db, openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { toVectorText } from '../src/db/vector.ts'
import { readCsv } from '../src/domain/csv.ts'
import { silentLog } from '../src/domain/log.ts'
import { FaceAssigner } from '../src/group/people/face-assigner.ts'
import { createVisionModels } from '../src/models/providers/builtin-vision/index.ts'
import { openTestPicture } from '../test/support/picture.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Benchmark, Row } from './row.ts'
import { type MadeFaces, makeFaces, type RealFace } from './synthetic-faces.ts'

const FACES = Number(process.env.FOTOTECA_BENCH_FACES ?? 50_000)
const PEOPLE = Math.ceil(FACES / 10)
const NEW = 100
const MODEL = 'builtin/bench@1'
const BATCH = 1000

export async function run(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  try {
    const made = makeFaces(await readRealFaces(), FACES + NEW, PEOPLE, false)
    await using open = await openDatabase({ dataDir: folder })
    await migrateToLatest(open.db)
    await addFaces(open.db, made, 0, FACES)
    return { name: 'people', rows: await measure(open.db, made) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(db: Db, made: MadeFaces): Promise<Row[]> {
  const rows: Row[] = []
  const before = process.memoryUsage.rss()
  let peak = before
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 50)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const first = await pass(db)
  delay.disable()
  clearInterval(sampler)
  rows.push({ label: `${FACES} faces clustered anew`, value: first / 1000, unit: 's' })
  rows.push({ label: 'the same: memory above that before, at most', value: (peak - before) / 2 ** 20, unit: 'MiB' })
  rows.push({ label: 'the same: longest hold of the event loop', value: delay.max / 1e6, unit: 'ms' })
  rows.push(...(await rate(db, made)))
  await addFaces(db, made, FACES, NEW)
  rows.push({ label: `${NEW} more faces`, value: (await pass(db)) / 1000, unit: 's' })
  return rows
}

/** @returns ms */
async function pass(db: Db): Promise<number> {
  const started = performance.now()
  await using faceAssigner = new FaceAssigner({ db, onPlaced: () => {}, log: silentLog, settleMs: 0 })
  faceAssigner.wake()
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const lane = await faceAssigner.lane()
    if (lane.state === 'paused') throw new Error(lane.reason ?? 'paused')
    if (lane.state === 'idle' && lane.due === 0) return performance.now() - started
  }
}

/** Pairwise, by counts per cluster and made-up person. */
async function rate(db: Db, made: MadeFaces): Promise<Row[]> {
  const placed = await sql<{ photo_id: number; person_id: number }>`
    select photo_id, person_id from faces where person_id is not null`.execute(db)
  const pairsOf = (keys: Iterable<string | number>) => {
    const counts = new Map<string | number, number>()
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
    return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0)
  }
  const owner = (photo: number) => made.persons[photo - 1] ?? -1
  const together = pairsOf(placed.rows.map(({ person_id }) => person_id))
  const right = pairsOf(placed.rows.map(({ photo_id, person_id }) => `${person_id}/${owner(photo_id)}`))
  const same = pairsOf(made.persons.subarray(0, FACES))
  return [
    { label: 'the same: pairwise precision', value: right / together, unit: '' },
    { label: 'the same: pairwise recall', value: right / same, unit: '' },
    { label: 'the same: clusters', value: new Set(placed.rows.map(({ person_id }) => person_id)).size, unit: '' },
  ]
}

async function addFaces(db: Db, made: MadeFaces, from: number, count: number): Promise<void> {
  for (let start = from; start < from + count; start += BATCH) {
    const faces = Array.from({ length: Math.min(BATCH, from + count - start) }, (_, i) => {
      const index = start + i
      return { n: index + 1, vector: toVectorText(made.vectors.subarray(index * made.width, (index + 1) * made.width)) }
    })
    await sql`
      with made as (select n, vector from jsonb_to_recordset(${JSON.stringify(faces)}::jsonb) as r (n integer, vector text)),
      added as (
        insert into photos (sha256, bytes, format, filename, state, sort_at, day)
        select lpad(to_hex(n), 64, '0'), 1, 'jpeg', n || '.jpg', 'completed', now(), current_date from made order by n returning id, filename)
      insert into faces (photo_id, x, y, width, height, landmarks, confidence, quality, vector, model_id)
      select a.id, .1, .1, .2, .2, '[]', .9, .8, m.vector::vector, ${MODEL} from made m join added a on a.filename = m.n || '.jpg'`.execute(
      db,
    )
  }
}

/** The labelled faces of the test pictures, and the others that are good enough to tell people by. */
async function readRealFaces(): Promise<RealFace[]> {
  const rows = readCsv(await readFile(dataPath('faces', 'pairs.csv'), 'utf8')).slice(1)
  const parent = new Map<string, string>()
  const find = (file: string): string => {
    const up = parent.get(file) ?? file
    return up === file ? file : find(up)
  }
  for (const [a = '', b = '', decision] of rows) {
    for (const file of [a, b]) if (!parent.has(file)) parent.set(file, file)
    if (decision === 'Yes') parent.set(find(a), find(b))
  }
  const models = createVisionModels()
  try {
    const real: RealFace[] = []
    for (const file of (await readdir(dataPath('faces'))).filter((name) => name.endsWith('.jpg'))) {
      const faces = await models.faces.findFaces(await openTestPicture(dataPath('faces', file)))
      const [largest, ...others] = [...faces].sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)
      if (largest) real.push({ vector: largest.vector, person: parent.has(file) ? find(file) : null })
      for (const { vector, quality } of others) if (quality >= 0.5) real.push({ vector, person: null })
    }
    return real
  } finally {
    await models.faces[Symbol.asyncDispose]()
    await models.objects[Symbol.asyncDispose]()
  }
}
