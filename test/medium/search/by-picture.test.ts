/** @file Search by examples: a sent picture, a part of a photo, several, some unwanted; the process that looks at pictures for it. */
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LOOK_SPACE } from '../../../src/domain/likeness/look.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { QueryImageEmbedder } from '../../../src/pipeline/query-image-embedder.ts'
import { SearchMemory } from '../../../src/search/memory.ts'
import { CHILD_ENVIRONMENT } from '../../support/child-environment.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { type Ask, addVectors, idsOf, makeSearch, makeTextEmbedder, unit } from '../../support/search.ts'

let open: TestDatabase
let ask: Ask
const memory = new SearchMemory()
const ids: number[] = []
beforeAll(async () => {
  open = await openTestDatabase()
  for (let i = 0; i < 4; i++) ids.push(await addPhoto(open.db, { tags: i === 3 ? ['dog'] : [] }))
  const [a, b, c, d] = ids as [number, number, number, number]
  await addVectors(open.db, 'builtin/look@1/3', [
    [a, unit(1, 0, 0)],
    [b, unit(1, 0.3, 0)],
    [c, unit(0, 1, 0)],
    [d, unit(0, 1, 1)],
  ])
  ask = makeSearch(open.db, { memory, lookAt: async () => ({ look: unit(0, 1, 0.9), own: null }) })
})
afterAll(() => open?.[Symbol.asyncDispose]())

it('a sent picture is found by its key, with words, filters and pages, and says when it is forgotten', async () => {
  const picture = memory.keepPicture({ look: unit(1, 0.1, 0), own: null })
  expect(idsOf(await ask({ picture }))).toEqual([ids[0], ids[1], ids[2], ids[3]])
  expect(idsOf(await ask({ picture, tag: 'dog' }))).toEqual([ids[3]])
  const first = await ask({ picture, limit: 3 })
  expect(idsOf(await ask({ picture, limit: 3, cursor: first.next }))).toEqual([ids[3]])
  await expect(ask({ picture: 'gone' })).rejects.toMatchObject({ code: 'not_found' })
})

it('a part of a photo, further examples, and what the hits should not be like', async () => {
  const [a, b, c, d] = ids
  expect(idsOf(await ask({ like: a, crop: '0.1,0,0.5,0.5' }))).toEqual([d, c, b])
  expect(idsOf(await ask({ like: a, also: `${c}` }))).toEqual([b, d])
  expect(idsOf(await ask({ like: b, unlike: `${a}` }))).toEqual([c, d])
  for (const wrong of [{ unlike: '1' }, { crop: '0,0,1,1' }]) await expect(ask(wrong)).rejects.toMatchObject({ code: 'bad_request' })
  await expect(ask({ like: a, also: '999' })).rejects.toMatchObject({ code: 'not_found' })
  for (const crop of ['0,0,0,0', '0.5,0,0.6,1', 'x', '0,0,1']) expect(() => ask({ like: a, crop }), crop).toThrow()
})

it('a picture and words of one space are searched by as one vector too', async () => {
  const name = 'onnx/fake@1/3'
  const [a, b, c, d] = ids as [number, number, number, number]
  const spaceId = await addVectors(open.db, name, [
    [a, unit(1, 0, 0)],
    [b, unit(1, 0, 1)],
    [c, unit(0, 0, 1)],
    [d, unit(0, 1, 0)],
  ])
  const embedder = makeTextEmbedder(name, 3, { 'at night': unit(0, 0, 1) })
  const both = makeSearch(open.db, {
    memory,
    textEmbedder: async () => embedder,
    activeSpace: async () => ({ id: spaceId, name }),
  })
  const answer = await both({ like: a, q: 'at night' })
  expect(answer.ran).toContain('combined')
  // between the two, and first: it is near both
  expect(answer.hits[0]?.photo.id).toBe(b)
  expect(answer.hits[0]?.why.find(({ list }) => list === 'combined')).toMatchObject({ rank: 1 })
  expect(idsOf(answer)).not.toContain(a)
  expect((await both({ like: a })).ran).toEqual(['similar'])
  expect((await both({ like: a, q: 'at night', mode: 'keyword' })).ran).toEqual(['similar', 'keyword'])
  // words that cannot be encoded take nothing else with them
  expect((await both({ like: a, q: 'by day' })).ran).toEqual(['similar', 'keyword'])
})

it('looks at a picture and at a part of it, and says why it cannot', async () => {
  await using queryEmbedder = new QueryImageEmbedder({
    options: () => ({
      thumbnailSize: 400,
      maxPixels: 10_000_000,
      maxBytes: 10_000_000,
      decodeTimeoutMs: 30_000,
      models: { device: 'cpu', embedding: null, chosen: { faces: 'built-in', tag: 'built-in', detect: 'built-in' } },
    }),
    timeoutOf: () => 60_000,
    environment: CHILD_ENVIRONMENT,
    log: silentLog,
  })
  const path = join(open.dataDir, 'two.png')
  const half = { width: 200, height: 400, channels: 3 as const }
  const right = await sharp({ create: { ...half, background: '#2040d0' } })
    .png()
    .toBuffer()
  await sharp({ create: { ...half, width: 400, background: '#d02020' } })
    .composite([{ input: right, left: 200, top: 0 }])
    .png()
    .toFile(path)
  const whole = await queryEmbedder.look({ path, bounds: null, format: 'png' })
  expect(whole.own).toBeNull()
  expect(Math.hypot(...whole.look)).toBeCloseTo(1, 4)
  const part = await queryEmbedder.look({ path, bounds: null, format: 'png', crop: { x: 0.5, y: 0, width: 0.5, height: 1 } })
  await writeFile(join(open.dataDir, 'blue.png'), right)
  const alone = await queryEmbedder.look({ path: join(open.dataDir, 'blue.png'), bounds: null, format: 'png' })
  const cosine = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0)
  expect(cosine(part.look, alone.look)).toBeGreaterThan(0.999)
  expect(cosine(part.look, whole.look)).toBeLessThan(0.99)
  await copyFile(new URL(import.meta.url), join(open.dataDir, 'not.png'))
  await expect(queryEmbedder.look({ path: join(open.dataDir, 'not.png'), bounds: null, format: 'png' })).rejects.toMatchObject({
    code: 'unreadable_picture',
  })
  expect(LOOK_SPACE).toMatch(/^builtin\/look/)
})
