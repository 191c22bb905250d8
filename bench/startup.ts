/** @file From the start of the process to the first page of the gallery, with 10,000 photos in the library; and without any. */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { STEP_NAMES } from '../src/contract/words.ts'
import { openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { makeDataDir, startProgram } from '../test/support/program.ts'
import type { Benchmark, Row } from './row.ts'

const PHOTOS = 10_000
const DAYS = 900
const BATCH = 500

export async function run(): Promise<Benchmark> {
  const rows: Row[] = []
  for (const photos of [0, PHOTOS]) {
    const dataDir = await makeDataDir()
    try {
      await fill(dataDir, photos)
      const times: number[] = []
      for (let round = 0; round < 5; round++) times.push(await timeFirstPage(dataDir))
      times.sort((a, b) => a - b)
      rows.push({
        label: `start of the process to the first page, ${photos} photos: median of 5`,
        value: (times[2] ?? 0) / 1000,
        unit: 's',
      })
      rows.push({ label: `the same, slowest of 5`, value: (times[4] ?? 0) / 1000, unit: 's' })
    } finally {
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    }
  }
  return { name: 'startup', rows, notes: ['the first page: the page itself, the days, and the photos of the newest day'] }
}

async function fill(dataDir: string, photos: number): Promise<void> {
  await using open = await openDatabase({ dataDir })
  await migrateToLatest(open.db)
  for (let from = 0; from < photos; from += BATCH) {
    await open.db.transaction().execute(async (trx) => {
      const made = await trx
        .insertInto('photos')
        .values(
          Array.from({ length: BATCH }, (_, index) => {
            const at = new Date(Date.UTC(2024, 0, 1) + ((from + index) % DAYS) * 86_400_000)
            return {
              sha256: randomBytes(32).toString('hex'),
              bytes: 4_000_000,
              format: 'jpeg' as const,
              filename: `IMG_${from + index}.JPG`,
              state: 'completed' as const,
              width: 4000,
              height: 3000,
              sort_at: at,
              day: at.toISOString().slice(0, 10),
            }
          }),
        )
        .returning('id')
        .execute()
      await trx
        .insertInto('photo_steps')
        .values(
          made.flatMap(({ id }) =>
            STEP_NAMES.map((step) => ({ photo_id: id, step, version: 1, lane: 'analyse' as const, state: 'done' as const })),
          ),
        )
        .execute()
    })
  }
}

async function timeFirstPage(dataDir: string): Promise<number> {
  const startedAt = performance.now()
  await using program = await startProgram({ dataDir })
  await (await fetch(program.url, { headers: { accept: 'text/html' } })).text()
  const { days } = (await (await fetch(`${program.url}/api/days`)).json()) as { days: { day: string }[] }
  if (days[0]) await (await fetch(`${program.url}/api/photos?day=${days[0].day}&limit=100`)).json()
  const ms = performance.now() - startedAt
  await program.stop('SIGTERM')
  return ms
}
