import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DuplicateIndex } from '../../../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createDuplicates } from '../../../src/pipeline/steps/duplicates/step.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addHash, addPhoto } from '../../support/library.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open?.[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const picture = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest())
const flip = (hash: Uint8Array, bits: number): Uint8Array => {
  const out = hash.slice()
  for (let bit = 0; bit < bits; bit++) out[bit >> 3]! ^= 1 << (bit & 7)
  return out
}
const pairs = () =>
  open.db
    .selectFrom('duplicates')
    .select(['photo_id_1', 'photo_id_2', 'kind', 'hamming_distance'])
    .orderBy('photo_id_1')
    .orderBy('photo_id_2')
    .execute()

function makeStep(index = new DuplicateIndex()) {
  const step = createDuplicates({ index, threshold: 8 })
  return { index, save: (id: number) => open.db.transaction().execute((trx) => step.save(trx, id, undefined, { modelId: null })) }
}

describe('the duplicates step', () => {
  it('links in whichever order the photos come, and a second run changes nothing', async () => {
    const a = await addPhoto(open.db, { hash: picture('a') })
    const b = await addPhoto(open.db, { hash: flip(picture('a'), 5) })
    const c = await addPhoto(open.db, { hash: flip(picture('a'), 20) })
    const d = await addPhoto(open.db, { hash: picture('d') })
    const expected = [
      { photo_id_1: a, photo_id_2: b, kind: 'same-picture', hamming_distance: 5 },
      { photo_id_1: a, photo_id_2: c, kind: 'edited', hamming_distance: 20 },
      { photo_id_1: b, photo_id_2: c, kind: 'edited', hamming_distance: 15 },
    ]
    const step = makeStep()
    for (const id of [c, a, d, b]) await step.save(id)
    expect(await pairs()).toEqual(expected)
    for (const id of [a, b, c, d]) await step.save(id)
    expect(await pairs()).toEqual(expected)
    // as after a crash: nothing remembered, everything in the table
    await makeStep().save(b)
    expect(await pairs()).toEqual(expected)
  })

  it('replaces what an earlier run found when the hash changes, and drops it when the hash is too plain or gone', async () => {
    const a = await addPhoto(open.db, { hash: picture('a') })
    const b = await addPhoto(open.db, { hash: picture('a') })
    const step = makeStep()
    await step.save(b)
    expect(await pairs()).toHaveLength(1)
    await addHash(open.db, b, picture('b'))
    await step.save(b)
    expect(await pairs()).toEqual([])
    await step.save(a)
    expect(await pairs()).toEqual([])
    await addHash(open.db, b, picture('a'))
    await step.save(b)
    expect(await pairs()).toHaveLength(1)
    await addHash(open.db, b, picture('a'), 49)
    await step.save(b)
    expect(await pairs()).toEqual([])
    await step.save(a)
    expect(await pairs()).toEqual([])
    await addHash(open.db, b, picture('a'), 50)
    await step.save(b)
    expect(await pairs()).toHaveLength(1)
    await open.db.deleteFrom('photo_hashes').where('photo_id', '=', b).execute()
    await step.save(b)
    await step.save(a)
    expect(await pairs()).toEqual([])
  })

  it('survives a rolled-back transaction and deleted photos', async () => {
    const a = await addPhoto(open.db, { hash: picture('a') })
    const b = await addPhoto(open.db, { hash: picture('a') })
    const { index, save } = makeStep()
    await expect(
      open.db.transaction().execute(async (trx) => {
        await createDuplicates({ index, threshold: 8 }).save(trx, a, undefined, { modelId: null })
        throw new Error('cut')
      }),
    ).rejects.toThrow('cut')
    expect(await pairs()).toEqual([])
    await save(b)
    expect(await pairs()).toHaveLength(1)
    await open.db.deleteFrom('photos').where('id', '=', a).execute()
    await save(b)
    expect(await pairs()).toEqual([])
  })

  it('reads more hashes than one page holds', async () => {
    const ids: number[] = []
    for (let i = 0; i < 30; i++) ids.push(await addPhoto(open.db, { hash: picture(`${i}`) }))
    const index = new DuplicateIndex(7)
    const last = await addPhoto(open.db, { hash: flip(picture('17'), 3) })
    await makeStep(index).save(last)
    expect(index.size).toBe(31)
    expect(await pairs()).toEqual([{ photo_id_1: ids[17], photo_id_2: last, kind: 'same-picture', hamming_distance: 3 }])
  })
})
