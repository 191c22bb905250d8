/** @file What tests of outages share: pictures whose analysis takes a while, what the program answers meanwhile, and that nothing failed for it. */
import { createHash } from 'node:crypto'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import sharp from 'sharp'
import { expect } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import { openDatabase } from '../../src/db/client.ts'
import { askJson, makeDataDir, type Program, startProgram, until, upload } from './program.ts'

/** A picture like no other, large enough that its analysis takes a while. */
export async function makePicture(seed: number): Promise<Buffer> {
  const noise = Buffer.from(Array.from({ length: 48 }, (_, i) => createHash('sha256').update(`${seed}.${i}`).digest()[0] ?? 0))
  return await sharp(noise, { raw: { width: 4, height: 4, channels: 3 } })
    .resize(1600, 1200, { kernel: 'cubic' })
    .jpeg()
    .toBuffer()
}
export async function uploadPictures(url: string, from: number, count: number): Promise<void> {
  for (let seed = from; seed < from + count; seed++) await upload(url, `picture-${seed}.jpg`, await makePicture(seed))
}

export const ask = async (url: string) => {
  const answer = await fetch(url)
  return { status: answer.status, detail: ((await answer.json()) as { detail?: string }).detail ?? '' }
}
export const LONG = { timeout: 120_000, interval: 100 }
export const untilReady = (url: string, status: 200 | 503) =>
  expect.poll(async () => (await ask(`${url}/ready`)).status, { interval: 100 }).toBe(status)

export async function tryUpload(url: string, seed: number) {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(await makePicture(seed))]), `refused-${seed}.jpg`)
  const answer = await fetch(`${url}/api/photos`, { method: 'POST', body: form })
  const { detail } = (await answer.json()) as { detail: string }
  return { status: answer.status, detail, retryAfter: Number(answer.headers.get('retry-after')) }
}

export const untilWorking = (url: string) => until<Progress>(`${url}/api/progress`, ({ working_on }) => working_on.length > 0)

export const untilAnalysed = async (dataDir: string, photos: number): Promise<void> => {
  await using program = await startProgram({ dataDir })
  await until<Progress>(`${program.url}/api/progress`, (now) => now.photos === photos && now.due === 0, 300_000)
  expect(await program.stop('SIGTERM')).toBe(0)
}

/** All photos analysed, none failed, and no attempt counted that an outage ended. */
export async function expectWhole(program: Program, photos: number, databaseUrl?: string): Promise<void> {
  const progress = await until<Progress>(`${program.url}/api/progress`, (now) => now.photos === photos && now.due === 0, 300_000)
  expect((await askJson<{ groups: object[] }>(`${program.url}/api/failures`)).groups).toEqual([])
  expect(progress).toMatchObject({ done: photos, failed: 0, partial: 0 })
  expect(progress.notices.join()).not.toContain('Make room')
  expect(await program.stop('SIGTERM')).toBe(0)
  await using open = await openDatabase({ dataDir: program.dataDir, databaseUrl })
  const { rows } = await sql<{ step: string; attempts: number; reason: object | null }>`
    select distinct step, attempts, reason from photo_steps where lane = 'analyse' and (attempts <> 1 or state = 'failed')`.execute(open.db)
  expect(rows).toEqual([])
}

export async function newDataDir(parent: string): Promise<string> {
  const dataDir = join(parent, 'data')
  const made = await makeDataDir()
  await cp(made, dataDir, { recursive: true })
  await rm(made, { recursive: true, force: true })
  return dataDir
}
