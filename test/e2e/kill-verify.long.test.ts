/** @file kill -9 in the middle of a check of all files, and of rebuilding a library whose database is gone: both go on. */
import { createHash, randomBytes } from 'node:crypto'
import { access, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import type { RebuildReport } from '../../src/contract/rebuild.ts'
import type { VerifyReport } from '../../src/contract/verify.ts'
import { recordPath } from '../../src/domain/record-path.ts'
import { originalKey } from '../../src/storage/keys.ts'
import { askJson, makeDataDir, startProgram, until, upload } from '../support/program.ts'

const PHOTOS = 8
const SIDE = 200
let dataDir: string
beforeAll(async () => {
  dataDir = await makeDataDir()
})
afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }))

const makePicture = () =>
  sharp(randomBytes(SIDE * SIDE * 3), { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer()
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** by SHA-256: its name */
const names = new Map<string, string>()
let rated: string
let broken: string

async function expectPhotos(url: string, except: readonly string[]): Promise<void> {
  const { photos } = await askJson<{ photos: { id: number }[] }>(`${url}/api/photos?limit=500`)
  const found = new Map<string, string>()
  for (const { id } of photos) {
    const { sha256, filename } = await askJson<PhotoDetail>(`${url}/api/photos/${id}`)
    const original = await fetch(`${url}/api/photos/${id}/original`)
    if (original.status === 200) expect(sha256Of(Buffer.from(await original.arrayBuffer()))).toBe(sha256)
    else expect([original.status, sha256]).toEqual([409, broken])
    found.set(sha256, filename)
  }
  expect(found).toEqual(new Map([...names].filter(([sha256]) => !except.includes(sha256))))
}

it('a check that was killed goes on, and finds what went wrong meanwhile', async () => {
  const first = await startProgram({ dataDir })
  let rating = 0
  for (let number = 0; number < PHOTOS; number++) {
    const bytes = await makePicture()
    const { id } = await upload(first.url, `holiday ${number}.png`, bytes)
    names.set(sha256Of(bytes), `holiday ${number}.png`)
    rating ||= id
  }
  await until<Progress>(`${first.url}/api/progress`, (now) => now.due === 0 && now.photos === PHOTOS, 300_000)
  ;[rated = '', broken = ''] = [[...names.keys()][0], [...names.keys()].at(-1)]
  await askJson(`${first.url}/api/edits`, { photos: { ids: [rating] }, operations: [{ do: 'set_rating', rating: 5 }] })
  await askJson(`${first.url}/api/verify`, { mb_per_second: 0.2 })
  await until<VerifyReport>(`${first.url}/api/verify`, (now) => (now.pass?.photos ?? 0) > 1)
  // every photo has its record, and the rating is in one
  const isRecorded = async () =>
    (
      await Promise.all(
        [...names.keys()].map((sha256) =>
          access(recordPath(dataDir, sha256)).then(
            () => true,
            () => false,
          ),
        ),
      )
    ).every(Boolean) && (await readFile(recordPath(dataDir, rated), 'utf8')).includes('"rating"')
  await expect.poll(isRecorded, { timeout: 60_000 }).toBe(true)
  await first.stop('SIGKILL')

  const path = join(dataDir, 'originals', originalKey(broken))
  const bytes = await readFile(path)
  bytes[1000] = (bytes[1000] ?? 0) ^ 1
  await writeFile(path, bytes)

  const second = await startProgram({ dataDir })
  const { last } = await until<VerifyReport>(`${second.url}/api/verify`, (now) => now.last !== null, 120_000)
  expect(last).toMatchObject({ photos: PHOTOS, files: PHOTOS, found: 1 })
  await expectPhotos(second.url, [])
  await second.stop('SIGKILL')
}, 600_000)

it('a library without its database is rebuilt, through a kill', async () => {
  await rm(join(dataDir, 'pg'), { recursive: true })
  const first = await startProgram({ dataDir })
  expect(await askJson<RebuildReport>(`${first.url}/api/rebuild`, {})).toMatchObject({ state: 'working' })
  await first.stop('SIGKILL')

  await using second = await startProgram({ dataDir })
  const report = await until<RebuildReport>(`${second.url}/api/rebuild`, (now) => now.state === 'done')
  expect(report.problems).toEqual([{ file: `originals/${originalKey(broken)}`, reason: expect.any(String) }])
  await expectPhotos(second.url, [broken])
  const { photos } = await askJson<{ photos: { id: number }[] }>(`${second.url}/api/photos?limit=500`)
  const details = await Promise.all(photos.map(({ id }) => askJson<PhotoDetail>(`${second.url}/api/photos/${id}`)))
  expect(details.filter(({ rating }) => rating.value === 5).map(({ sha256 }) => sha256)).toEqual([rated])
}, 600_000)
