/** @file The steps that look at pixels, from file to rows: prepare, hash, colours, look. A second run changes nothing. */
import { mkdtemp, rm } from 'node:fs/promises'
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
import { type BlobStore, readBlob } from '../../../src/storage/blob-store.ts'
import { renditionKey } from '../../../src/storage/keys.ts'
import { openLibraryBlobs } from '../../../src/storage/library-blobs.ts'
import { keysOf } from '../../support/blobs.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { openPicture } from '../../support/media.ts'

const SHA256 = 'ab'.repeat(32)
let dir: string
let database: TestDatabase
let photoId: number
let renditions: BlobStore
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
  renditions = (await openLibraryBlobs({ dataDir: dir })).renditions
  const picture = openPicture(path)
  input = {
    file: { path, bounds: null, format: 'jpeg', modifiedMs: 0 },
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
    const made = structuredClone(await step.run!(input)) as Result
    const result = step.keep ? await step.keep(renditions, SHA256, made) : made
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
  expect(await keysOf(renditions.list())).toEqual((['preview', 'thumbnail'] as const).map((kind) => renditionKey(SHA256, kind)))
  const thumbnail = await readBlob(renditions, renditionKey(SHA256, 'thumbnail'))
  expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 90, height: 120 })
  const noted = await database.db.selectFrom('photo_renditions').select('bytes').where('kind', '=', 'thumbnail').executeTakeFirstOrThrow()
  expect(noted.bytes).toBe(thumbnail.length)
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
