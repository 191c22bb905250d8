/**
 * @file What a check of all files costs and finds: originals with one flipped bit each among many, and how long the page's requests take
 * meanwhile. FOTOTECA_BENCH_PHOTOS sets another number of files.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/load.ts'
import type { VerifyReport } from '../src/contract/verify.ts'
import { openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { silentLog } from '../src/domain/log.ts'
import { readUploadSourceId } from '../src/ingest/store.ts'
import { originalKey } from '../src/storage/keys.ts'
import type { Benchmark, Row } from './row.ts'

const PHOTOS = Number(process.env.FOTOTECA_BENCH_PHOTOS ?? 1000)
const FLIPPED = Math.min(100, PHOTOS)
const BYTES = 1_000_000
/** at the default rate: so many seconds of it are looked at */
const GENTLE_S = 15

export async function run(log: (line: string) => void = console.error): Promise<Benchmark> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  try {
    await build(dataDir)
    log(`${PHOTOS} files of ${BYTES / 1e6} MB`)
    return {
      name: 'verify',
      rows: await measure(dataDir),
      notes: [`${PHOTOS} uploads of ${BYTES / 1e6} MB, just written: read from the memory of the system`],
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Rows and files as uploads leave them; one bit is wrong in every so many files. */
async function build(dataDir: string): Promise<void> {
  await using open = await openDatabase({ dataDir })
  await migrateToLatest(open.db)
  const source_id = await readUploadSourceId(open.db)
  const every = Math.floor(PHOTOS / FLIPPED)
  for (let number = 0; number < PHOTOS; number++) {
    const bytes = randomBytes(BYTES)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const path = originalKey(sha256)
    if (number % every === 0 && number / every < FLIPPED) {
      const bit = Math.floor(Math.random() * BYTES * 8)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    }
    await mkdir(dirname(join(dataDir, 'originals', path)), { recursive: true })
    await writeFile(join(dataDir, 'originals', path), bytes)
    const { id } = await open.db
      .insertInto('photos')
      .values({
        sha256,
        bytes: BYTES,
        format: 'jpeg',
        filename: `${number}.jpg`,
        state: 'completed',
        sort_at: new Date(),
        day: '2026-01-01',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await open.db
      .insertInto('photo_files')
      .values({ photo_id: id, source_id, path, filename: `${number}.jpg`, bytes: BYTES, modified_ms: Date.now() })
      .execute()
  }
}

async function measure(dataDir: string): Promise<Row[]> {
  const config = loadConfig({ FOTOTECA_DATA: dataDir, FOTOTECA_MODEL_DOWNLOAD: 'never' })
  await using app = await createApp(config, { log: silentLog, webDir: join(dataDir, 'no-web') })
  const ask = async (): Promise<VerifyReport> => (await app.http.inject('/api/verify')).json()
  const begin = (mb_per_second?: number) => app.http.inject({ method: 'POST', url: '/api/verify', payload: { mb_per_second } })
  const latency = async (label: string, isOver: () => Promise<boolean>): Promise<Row[]> => {
    const times: number[] = []
    while (!(await isOver())) {
      const started = performance.now()
      await app.http.inject('/api/photos?limit=50')
      times.push(performance.now() - started)
      await sleep(20)
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0
    return [
      { label: `${label}: 50 photos listed, median`, value: at(0.5), unit: 'ms' },
      { label: `${label}: 50 photos listed, p95`, value: at(0.95), unit: 'ms' },
    ]
  }
  const forSeconds = (seconds: number) => {
    const until = performance.now() + seconds * 1000
    return async () => performance.now() > until
  }
  const rows = await latency('no check', forSeconds(5))
  await begin()
  rows.push(...(await latency('check at its default rate', forSeconds(GENTLE_S))))
  const gentle = await ask()
  rows.push({ label: 'check at its default rate', value: (gentle.pass?.bytes ?? 0) / 1e6 / GENTLE_S, unit: 'MB/s' })
  const before = gentle.pass?.bytes ?? 0
  const started = performance.now()
  await begin(0)
  rows.push(...(await latency('check as fast as it goes', async () => (await ask()).pass === null)))
  const seconds = (performance.now() - started) / 1000
  const { last, problems } = await ask()
  rows.push({ label: 'check as fast as it goes', value: ((last?.bytes ?? 0) - before) / 1e6 / seconds, unit: 'MB/s' })
  rows.push({ label: `flipped bits found, of ${FLIPPED}`, value: problems, unit: '' })
  return rows
}
