import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fromVectorText } from '../../../src/db/vector.ts'
import type { Picture } from '../../../src/media/picture.ts'
import type { ImageEmbedder, Space } from '../../../src/models/ports/capability.ts'
import { embedding } from '../../../src/pipeline/steps/embedding/step.ts'
import type { PhotoEmbedding } from '../../../src/pipeline/steps/embedding/store.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'

let database: TestDatabase
let photoId: number
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  const row = { sha256: 'a'.repeat(64), bytes: 1, filename: 'a.jpg', sort_at: new Date(), day: '2026-01-01' }
  photoId = (await database.db.insertInto('photos').values(row).returning('id').executeTakeFirstOrThrow()).id
})

const space = (version: string, width = 3): Space => ({ name: `onnx/m@${version}/${width}`, width, hasText: true })
const save = (result: PhotoEmbedding, modelId: string | null) =>
  database.db.transaction().execute((trx) => embedding.save(trx, photoId, result, { modelId }))
const stored = async () => {
  const rows = await database.db
    .selectFrom('embeddings')
    .innerJoin('spaces', 'spaces.id', 'embeddings.space_id')
    .select(['spaces.name', 'spaces.model_id', 'spaces.has_text', 'embeddings.embedding'])
    .orderBy('spaces.name')
    .execute()
  return rows.map((row) => ({ ...row, embedding: [...fromVectorText(row.embedding)] }))
}

describe('step embedding', () => {
  it('asks the model for the picture’s vector and says which space it lies in', async () => {
    const vector = Float32Array.of(0, 1, 0)
    const info = { id: 'onnx/m@1', provider: 'onnx', name: 'm', version: '1', licence: 'MIT' }
    const picture = {} as Picture
    const asked: Picture[] = []
    const model: ImageEmbedder = {
      info,
      space: space('1'),
      async embedImage(seen) {
        asked.push(seen)
        return vector
      },
      async [Symbol.asyncDispose]() {},
    }
    const signal = new AbortController().signal
    const result = await embedding.run?.({ file: {} as never, picture: async () => picture, model, signal })
    expect(result).toEqual({ space: space('1'), vector })
    expect(asked).toEqual([picture])
  })

  it('replaces the photo’s vector in a space, and keeps those of other spaces', async () => {
    await save({ space: space('1'), vector: Float32Array.of(1, 0, 0) }, 'onnx/m@1')
    await save({ space: space('1'), vector: Float32Array.of(0, 1, 0) }, 'onnx/m@1')
    await save({ space: space('2', 2), vector: Float32Array.of(0, 1) }, null)
    expect(await stored()).toEqual([
      { name: 'onnx/m@1/3', model_id: 'onnx/m@1', has_text: true, embedding: [0, 1, 0] },
      { name: 'onnx/m@2/2', model_id: 'onnx/m@2', has_text: true, embedding: [0, 1] },
    ])
  })

  it('stores nothing that is not a number', async () => {
    await expect(save({ space: space('1'), vector: Float32Array.of(1, Number.NaN, 0) }, 'onnx/m@1')).rejects.toMatchObject({
      code: 'model_failed',
    })
    expect(await stored()).toEqual([])
  })
})
