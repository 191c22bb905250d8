/** @file A model is tried on a photo in a process of its own: what it says, which photos it finds near; nothing of it is stored. */

import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { composeTryOut } from '../../../src/compose/try-out.ts'
import { TryAnswer } from '../../../src/contract/try-out.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { sharp } from '../../../src/media/sharp.ts'
import { createSpaces } from '../../../src/pipeline/spaces/spaces.ts'
import { DuplicateIndex } from '../../../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createSteps } from '../../../src/pipeline/steps.ts'
import { fileAt } from '../../support/blobs.ts'
import { addPhoto } from '../../support/library.ts'
import { openModelLibrary } from '../../support/model-library.ts'
import { meanTagger, writeVisionFolder } from '../../support/vision-folder.ts'

const library = openModelLibrary()

it('says its labels, finds what is near in its own space beside another model’s, and refuses what cannot be tried', async () => {
  const { db } = library.database
  const models = await library.create()
  const steps = createSteps({ thumbnailSize: 64, duplicates: { index: new DuplicateIndex(), threshold: 8 } })
  const picture = join(library.root, 'red.jpg')
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#ff2010' } })
    .jpeg()
    .toFile(picture)
  const ids = [await addPhoto(db), await addPhoto(db), await addPhoto(db), await addPhoto(db)]
  const tryModel = composeTryOut({ db } as never, silentLog, {
    models,
    steps,
    spaces: createSpaces({ db, log: silentLog, models, step: steps.embedding, filler: { wake: () => {}, exclusive: (act) => act() } }),
    ingest: { locate: async (id) => (id === ids[3] ? null : fileAt(picture)) },
    optionsWith: (chosen) => ({
      thumbnailSize: 64,
      maxPixels: 1e6,
      maxBytes: 1e6,
      decodeTimeoutMs: 60_000,
      models: { device: 'cpu', ...chosen },
    }),
  })

  const manifest = {
    format: 1,
    task: 'tag',
    input: { width: 24, height: 24, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    output: { kind: 'logits' },
    labels: ['red', 'green', 'blue', ''],
    threshold: 0.6,
  }
  const graph = meanTagger(24, 4, Float32Array.of(1, 0, 0, -9, 0, 1, 0, -9, 0, 0, 1, -9))
  await models.importFolder(writeVisionFolder(join(library.root, 'colours'), manifest, { 'model.onnx': graph }))
  const said = await tryModel(EVERY_PHOTO, 'colours', ids[0]!)
  expect(() => TryAnswer.parse(said)).not.toThrow()
  expect(said).toMatchObject({ model: 'colours', task: 'tag', nearest: [], tags: [{ tag: 'red', confidence: expect.closeTo(0.73, 1) }] })

  await models.importFolder(await library.writeModel('old'))
  await models.importFolder(await library.writeModel('new', 5))
  await library.embedPhotos(models.active()!, [ids[0]!, ids[1]!, ids[2]!])
  const near = await tryModel(EVERY_PHOTO, 'old', ids[0]!)
  expect(near.nearest.map(({ photo }) => photo.id).sort()).toEqual([ids[1], ids[2]])
  expect(await tryModel(EVERY_PHOTO, 'new', ids[0]!)).toMatchObject({
    task: 'embedding',
    nearest: [],
    notice: expect.stringContaining('choose it'),
  })

  await expect(tryModel(EVERY_PHOTO, 'colours', 4711)).rejects.toMatchObject({ code: 'not_found' })
  await expect(tryModel(EVERY_PHOTO, 'colours', ids[3]!)).rejects.toMatchObject({ code: 'conflict' })
  await expect(tryModel(EVERY_PHOTO, 'nobody', ids[0]!)).rejects.toMatchObject({ code: 'not_found' })
  await expect(tryModel(EVERY_PHOTO, 'first', ids[0]!)).rejects.toMatchObject({ code: 'model_missing' })
  await expect(tryModel(EVERY_PHOTO, 'eyes', ids[0]!)).rejects.toMatchObject({ code: 'conflict' })
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from photo_tags`.execute(db)
  expect(rows[0]?.count).toBe(0)
})
