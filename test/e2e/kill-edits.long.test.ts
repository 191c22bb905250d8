/** @file kill -9 in the middle of bulk edits, tagging, describing and the filling of a space: nothing is lost, doubled or stuck. */
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import type { TextEmbeddingReport } from '../../src/contract/describe.ts'
import type { EditReport } from '../../src/contract/edits.ts'
import type { CategoryCount, Progress } from '../../src/contract/library.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { askJson, makeDataDir, type Program, startProgram, until, upload } from '../support/program.ts'

/** More than are changed at once, so that the edits go on in the background. */
const PHOTOS = 104
const KILLS = 6

let dataDir: string
afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }))

async function makePicture(seed: number): Promise<Buffer> {
  const noise = createHash('sha256').update(`edits ${seed}`).digest().subarray(0, 12)
  return await sharp(noise, { raw: { width: 2, height: 2, channels: 3 } })
    .resize(160, 120, { kernel: 'cubic' })
    .jpeg()
    .toBuffer()
}

const post = <T>({ url }: Program, path: string, body: object) => askJson<T>(`${url}${path}`, body)
const untilTagged = ({ url }: Program, tag: string, photos: number) =>
  until<{ total: number }>(`${url}/api/search?mode=keyword&limit=1&tag=${tag}`, ({ total }) => total === photos)

it('kill -9, again and again: every edit is made whole and once, categories follow, every description is embedded', async () => {
  dataDir = await makeDataDir()
  await using server = await startFakeProvider()
  const env = {
    FOTOTECA_DESCRIBE: 'fake',
    FOTOTECA_DESCRIBE_PHOTOS: 'all',
    FOTOTECA_TEXT_EMBEDDING: 'test-embedding',
    FOTOTECA_TEXT_EMBEDDING_URL: server.openaiUrl,
  }
  const first = await startProgram({ dataDir, env })
  for (let seed = 0; seed < PHOTOS; seed++) await upload(first.url, `picture-${seed}.jpg`, await makePicture(seed))
  await first.stop('SIGKILL')

  const edits: number[] = []
  for (let round = 0; round < KILLS; round++) {
    const program = await startProgram({ dataDir, env })
    const operations = [{ do: 'add_tags', tags: [`trip ${round}`] }]
    edits.push((await post<EditReport>(program, '/api/edits', { photos: { search: {} }, operations })).id ?? 0)
    if (round === 0) await post(program, '/api/categories', { name: 'Trips', tags: ['trip 0', 'trip 1'] })
    await new Promise((resolve) => setTimeout(resolve, 30 + round * 120)) // dies at another moment each time
    await program.stop('SIGKILL')
  }

  await using program = await startProgram({ dataDir, env })
  for (const [round, id] of edits.entries()) {
    const edit = await until<EditReport>(`${program.url}/api/edits/${id}`, (now) => now.state === 'done')
    expect(edit).toMatchObject({ photos: PHOTOS, looked_at: PHOTOS, changed: PHOTOS, conflicts: 0 })
    await untilTagged(program, `trip ${round}`, PHOTOS)
  }
  await until<{ categories: CategoryCount[] }>(
    `${program.url}/api/categories`,
    ({ categories }) =>
      categories.every((category) => !category.is_updating) && categories.find(({ name }) => name === 'Trips')?.count === PHOTOS,
  )
  const progress = await until<Progress>(`${program.url}/api/progress`, (now) => now.photos === PHOTOS && now.due === 0, 480_000)
  expect(progress).toMatchObject({ photos: PHOTOS, failed: 0, partial: 0 })
  const texts = await until<TextEmbeddingReport>(
    `${program.url}/api/text-embedding`,
    (now) => now.embedded === PHOTOS && now.due === 0,
    480_000,
  )
  expect(texts).toMatchObject({ failed: 0, reason: null })

  // what one edit did can still be taken back, and nothing else goes with it
  const undo = await post<EditReport>(program, `/api/edits/${edits[0]}/undo`, {})
  await until<EditReport>(`${program.url}/api/edits/${undo.id}`, (now) => now.state === 'done')
  await untilTagged(program, 'trip 0', 0)
  await untilTagged(program, `trip ${KILLS - 1}`, PHOTOS)
}, 900_000)
