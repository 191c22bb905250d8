/** @file The steps that look at pixels, from file to rows: prepare, hash, colours, look. A second run changes nothing. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromVectorText } from '../../../src/db/vector.ts'
import { LOOK_SPACE, LOOK_WIDTH } from '../../../src/domain/likeness/look.ts'
import type { Step, StepInput } from '../../../src/pipeline/step.ts'
import { colours } from '../../../src/pipeline/steps/colours/step.ts'
import { hash } from '../../../src/pipeline/steps/hash/step.ts'
import { look } from '../../../src/pipeline/steps/look/step.ts'
import { createPrepare } from '../../../src/pipeline/steps/prepare/step.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { openPicture } from '../../support/media.ts'

let dir: string
let database: TestDatabase
let photoId: number
let renditions: string
let input: StepInput<undefined>
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-steps-'))
  database = await openTestDatabase()
  photoId = await addPhoto(database.db)
  const path = join(dir, 'photo.jpg')
  const stripe = { create: { width: 200, height: 600, channels: 3 as const, background: '#e8d020' } }
  await sharp({ create: { width: 800, height: 600, channels: 3, background: '#2360cb' } })
    .composite([{ input: stripe, left: 100, top: 0 }])
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toFile(path)
  renditions = join(dir, 'renditions')
  const picture = openPicture(path)
  input = {
    file: { path, bounds: null, format: 'jpeg', modifiedMs: 0, renditionDir: renditions },
    picture: () => picture,
    model: undefined,
    signal: new AbortController().signal,
  }
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

async function runTwice<Result>(step: Step<Result, undefined>) {
  for (let run = 0; run < 2; run++) {
    const result = structuredClone(await step.run!(input)) as Result
    await database.db.transaction().execute((trx) => step.save(trx, photoId, result, { modelId: null }))
  }
}

test('prepare: upright size, thumbhash, two renditions', async () => {
  await runTwice(createPrepare({ thumbnailSize: 120 }))
  const row = await database.db
    .selectFrom('photos')
    .select(['width', 'height', 'thumbhash'])
    .where('id', '=', photoId)
    .executeTakeFirstOrThrow()
  expect([row.width, row.height]).toEqual([600, 800])
  expect(row.thumbhash!.length).toBeGreaterThan(4)
  expect((await readdir(renditions)).sort()).toEqual(['preview.webp', 'thumbnail.webp'])
  expect(await sharp(join(renditions, 'thumbnail.webp')).metadata()).toMatchObject({ width: 90, height: 120 })
})

test('hash: the hash and its turns', async () => {
  await runTwice(hash)
  const row = await database.db.selectFrom('photo_hashes').selectAll().where('photo_id', '=', photoId).executeTakeFirstOrThrow()
  expect([row.pdq.length, row.dihedral.length]).toEqual([32, 256])
  expect(Buffer.from(row.dihedral.subarray(0, 32))).toEqual(Buffer.from(row.pdq))
})

test('colours: names and shares in order', async () => {
  await runTwice(colours)
  const rows = await database.db.selectFrom('photo_colours').selectAll().where('photo_id', '=', photoId).orderBy('position').execute()
  expect(rows.slice(0, 2).map(({ name }) => name)).toEqual(['blue', 'yellow'])
  expect(rows[0]!.share).toBeCloseTo(0.75, 1)
})

test('look: a unit vector in its own space', async () => {
  await runTwice(look)
  const rows = await database.db
    .selectFrom('embeddings')
    .innerJoin('spaces', 'spaces.id', 'embeddings.space_id')
    .select(['spaces.name', 'spaces.width', 'embedding'])
    .where('photo_id', '=', photoId)
    .execute()
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ name: LOOK_SPACE, width: LOOK_WIDTH })
  expect(Math.hypot(...fromVectorText(rows[0]!.embedding))).toBeCloseTo(1, 4)
})
