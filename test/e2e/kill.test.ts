import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import { sweep } from '../support/long.ts'
import { askJson, makeDataDir, spawnProgram, startProgram, until, upload } from '../support/program.ts'

const KILLS = sweep(1, 12)
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 }))))
const newDataDir = async () => {
  const folder = await makeDataDir()
  folders.push(folder)
  return folder
}

/** A small picture that is like no other. */
async function makePicture(seed: number): Promise<Buffer> {
  const noise = Buffer.from(Array.from({ length: 12 }, (_, i) => createHash('sha256').update(`${seed}.${i}`).digest()[0] ?? 0))
  return await sharp(noise, { raw: { width: 2, height: 2, channels: 3 } })
    .resize(320, 240, { kernel: 'cubic' })
    .jpeg()
    .toBuffer()
}

describe('kill -9', () => {
  it('at any moment, again and again: every answered upload is there, none is lost, doubled or stuck', async () => {
    const dataDir = await newDataDir()
    const answered = new Map<number, string>()
    let seed = 0
    for (let round = 0; round < KILLS; round++) {
      const program = await startProgram({ dataDir })
      const uploadNext = async () => {
        const bytes = await makePicture(seed++)
        const { id } = await upload(program.url, `picture-${seed}.jpg`, bytes)
        answered.set(id, createHash('sha256').update(bytes).digest('hex'))
      }
      // on a busy machine the first answers may take longer than the program is to live
      for (let count = 0; count < 2; count++) await uploadNext()
      // dies while uploads and the analysis of earlier ones are going on, each time at another moment
      const death = new Promise((resolve) => setTimeout(resolve, 300 + (round * 2800) / KILLS)).then(() => program.stop('SIGKILL'))
      try {
        // not as many as it takes: all of them are analysed at the end
        for (;;) {
          await uploadNext()
          await sleep(100)
        }
      } catch {
        // the connection broke with the process
      }
      await death
    }
    expect(answered.size).toBeGreaterThan(KILLS)

    await using program = await startProgram({ dataDir })
    const progress = await until<Progress>(`${program.url}/api/progress`, (now) => now.due === 0 && now.photos >= answered.size, 300_000)
    expect(progress.failed + progress.partial).toBe(0)
    const { photos } = await askJson<{ photos: { id: number }[] }>(`${program.url}/api/photos?limit=500`)
    expect(new Set(photos.map((photo) => photo.id)).size).toBe(photos.length)
    for (const [id, sha256] of answered) {
      const photo = await askJson<PhotoDetail>(`${program.url}/api/photos/${id}`)
      expect(photo).toMatchObject({ sha256, state: 'completed' })
      const original = Buffer.from(await (await fetch(`${program.url}/api/photos/${id}/original`)).arrayBuffer())
      expect(createHash('sha256').update(original).digest('hex')).toBe(sha256)
    }
    // an upload whose answer was lost may be there too, but only one can be on the way at each kill
    expect(photos.length - answered.size).toBeLessThanOrEqual(KILLS)
  }, 400_000)

  it('SIGTERM ends the program in good order, with work left to do', async () => {
    const dataDir = await newDataDir()
    const first = await startProgram({ dataDir })
    for (let seed = 0; seed < 6; seed++) await upload(first.url, `picture-${seed}.jpg`, await makePicture(1000 + seed))
    expect(await first.stop('SIGTERM')).toBe(0)
    await using second = await startProgram({ dataDir })
    const progress = await until<Progress>(`${second.url}/api/progress`, (now) => now.photos === 6 && now.due === 0)
    expect(progress).toMatchObject({ photos: 6, done: 6, failed: 0, partial: 0 })
  }, 200_000)

  it('a second process on the same data folder is refused with a clear sentence', async () => {
    const dataDir = await newDataDir()
    await using first = await startProgram({ dataDir })
    const second = spawnProgram(['serve'], dataDir)
    let said = ''
    second.stderr?.on('data', (chunk: Buffer) => {
      said += chunk
    })
    const code = await new Promise((resolve) => second.once('close', resolve)) // after its last words
    expect(code).toBe(1)
    expect(said).toContain(`in use by process ${first.pid}`)
    expect(said).not.toContain('    at ')
  }, 200_000)
})
