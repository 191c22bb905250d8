/** @file A model for products that comes later fills its space with the pictures that are there; uploads are compared in it when it is full. */

import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { silentLog } from '../../../src/domain/log.ts'
import { sharp } from '../../../src/media/sharp.ts'
import { BUILT_IN } from '../../../src/models/registry.ts'
import { PhotoFiller } from '../../../src/pipeline/spaces/photo-filler.ts'
import { createSpaces } from '../../../src/pipeline/spaces/spaces.ts'
import { DuplicateIndex } from '../../../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createSteps } from '../../../src/pipeline/steps.ts'
import { createOwnSpace, type OwnSpace } from '../../../src/product/own-space.ts'
import { fileAt } from '../../support/blobs.ts'
import { CHILD_ENVIRONMENT } from '../../support/child-environment.ts'
import { openModelLibrary } from '../../support/model-library.ts'

const library = openModelLibrary()
const steps = createSteps({ thumbnailSize: 64, duplicates: { index: new DuplicateIndex(), threshold: 8 } })
const LONG = { timeout: 120_000, interval: 30 }
const open: PhotoFiller[] = []
afterEach(async () => {
  for (const filler of open.splice(0)) await filler[Symbol.asyncDispose]()
})

/** One life of the program; ending the filler kills its process as a kill of the program would. */
async function begin(gate?: { readonly after: number; readonly opened: Promise<void> }) {
  const { db } = library.database
  const picture = join(library.root, 'picture.jpg')
  await sharp({ create: { width: 32, height: 24, channels: 3, background: '#c81e50' } })
    .jpeg()
    .toFile(picture)
  const models = await library.create({ recountMs: 0, onChanged: () => own?.wake() })
  let located = 0
  let own: OwnSpace | undefined
  const filler: PhotoFiller = new PhotoFiller({
    db,
    log: silentLog,
    step: steps.embedding,
    scope: 'products',
    target: () => own?.target() ?? null,
    analyserOptions: () => ({
      thumbnailSize: 64,
      maxPixels: 1e6,
      maxBytes: 1e6,
      decodeTimeoutMs: 60_000,
      models: { device: 'cpu', embedding: { folder: models.installed('goods')?.folder ?? '' }, chosen: BUILT_IN },
    }),
    timeoutOf: () => 120_000,
    environment: CHILD_ENVIRONMENT,
    locate: async () => {
      if (gate && located++ >= gate.after) await gate.opened
      return fileAt(picture)
    },
    room: () => 1,
  })
  open.push(filler)
  const switched: string[] = []
  const made = createOwnSpace({
    db,
    model: () => models.installed('goods'),
    wakeFiller: () => filler.wake(),
    onSwitched: () => switched.push(made.embedder()?.info.name ?? ''),
  })
  own = made
  filler.whenFull(made.onFull)
  const spaces = createSpaces({ db, log: silentLog, models, filler, step: steps.embedding, keptElsewhere: (row) => made.keeps(row) })
  return { models, filler, own: made, spaces, switched, space: async () => (await spaces.list()).find(({ model }) => model === 'goods') }
}

async function addPictures(count: number, trashed = 0): Promise<number[]> {
  const { db } = library.database
  const ids = await library.addPhotos(count + 1)
  await db.updateTable('photos').set({ format: 'jpeg' }).execute()
  // the last photo is in no store: its space is none of ours
  for (const [at, photo_id] of ids.slice(0, -1).entries())
    await db
      .insertInto('product_pictures')
      .values({ photo_id, store: 'alya', key: `${photo_id}.jpg`, display_name: 'a', state: at < trashed ? 'trashed' : 'stored' })
      .execute()
  return ids
}

it('fills, is paused, goes on after a kill, serves when it is full, and takes what comes back', async () => {
  const { db } = library.database
  const ids = await addPictures(12, 2)
  const { promise: opened, resolve: release } = Promise.withResolvers<void>()
  const first = await begin({ after: 4, opened })
  expect(first.own.target()).toBeNull()
  expect(await first.own.filling()).toBeNull()
  await first.models.importFolder(await library.writeModel('search'))
  await first.models.importFolder(await library.writeModel('goods', 5))
  expect(first.models.active()?.info.name).toBe('search')
  await library.embedPhotos(first.models.active()!, ids)
  first.filler.start()
  first.own.wake()
  await expect.poll(async () => (await first.space())?.vectors ?? 0, LONG).toBe(4)
  expect(await first.own.filling()).toMatchObject({ space: expect.stringContaining('/goods@'), owed: 6 })
  expect(first.own.embedder()).toBeNull() // uploads are compared in the library’s space
  expect(await first.space()).toMatchObject({ state: 'filling', owed: 6 })
  const { id } = (await first.space())!
  await first.spaces.pause(id)
  release()
  await first.filler[Symbol.asyncDispose]()

  const next = await begin()
  next.filler.start()
  expect(await next.space()).toMatchObject({ state: 'paused', reason: 'paused by hand' })
  await expect(next.spaces.drop(id)).rejects.toThrow(/models remove goods/)
  await next.spaces.resume(id)
  await expect.poll(() => next.switched, LONG).toEqual(['goods'])
  expect(await next.space()).toMatchObject({ state: 'serving', vectors: 10, owed: 0 })
  expect(await next.own.filling()).toBeNull()
  expect((await next.models.servingSpace())?.name).toContain('/search@')

  // what comes back from the trash is embedded too; it takes the space from nobody meanwhile
  await db.updateTable('product_pictures').set({ state: 'stored' }).where('photo_id', '=', ids[0]!).execute()
  next.own.wake()
  expect(next.own.embedder()?.info.name).toBe('goods')
  await expect.poll(async () => (await next.space())?.vectors, LONG).toBe(11)
  expect(next.switched).toEqual(['goods'])
})
