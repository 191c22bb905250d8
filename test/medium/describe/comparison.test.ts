/** @file Two describers over the same photos: to the end, through an outage, over a restart, and stopped. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { EVERY_PHOTO } from '../../../src/domain/visibility.ts'
import { createFakeDescriber, type FakeDescriberOptions } from '../../../src/models/providers/fake/index.ts'
import { ProviderFailure } from '../../../src/models/providers/provider-failure.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { addAnalysedPhoto, openDescribeLane } from '../../support/describe.ts'

const LONG = { timeout: 60_000, interval: 50 }
let database: TestDatabase
let open: Awaited<ReturnType<typeof openDescribeLane>> | undefined
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await truncateAll(database.db)
  for (let n = 0; n < 6; n++) await addAnalysedPhoto(database)
})
afterEach(async () => {
  await open?.[Symbol.asyncDispose]()
  open = undefined
})

const openWith = async (left: FakeDescriberOptions, right: FakeDescriberOptions) => {
  open = await openDescribeLane(database, {
    describers: {
      left: () => createFakeDescriber({ name: 'left', ...left }),
      right: () => createFakeDescriber({ name: 'right', ...right }),
    },
  })
  return open.comparisons
}
const said = (primaryCategory: 'food' | 'nature', tags: readonly string[]) => ({
  description: {
    primaryCategory,
    tags,
    description: 'Said.',
    altText: null,
    detectedObjects: [],
    sceneType: null,
    suggestedClusterName: null,
    inspirationPrompt: null,
  },
})

it('says that one passes which says nearly all that the baseline says', async () => {
  const comparisons = await openWith({ answer: () => said('food', ['a', 'b']) }, { answer: () => said('food', ['B', 'a', 'more']) })
  const { id, verdict } = await comparisons.start(EVERY_PHOTO, request)
  expect(verdict).toBeNull()
  await expect.poll(async () => (await comparisons.get(EVERY_PHOTO, id)).verdict, LONG).toMatchObject({ percent: 100, passed: true })
  expect((await comparisons.list())[0]?.verdict).toMatchObject({ passed: true })
})

const request = { left: 'left', right: 'right', photos: 4, filters: {} }

it('asks both about the same sample, and says how far they agree, how long and for how much; photos and the ledger stay as they are', async () => {
  let count = 0
  const comparisons = await openWith(
    { answer: () => said('food', ['a', 'b', 'c']) },
    {
      answer: () => {
        count++
        if (count === 4) return new ProviderFailure('refused', 'not this one')
        return {
          ...said(count === 1 ? 'nature' : 'food', ['b', 'c', 'd']),
          usage: { inputTokens: 10, outputTokens: 5, cost: { amount: 0.01, currency: 'USD' }, calls: 1 },
        }
      },
    },
  )
  const { id } = await comparisons.start(EVERY_PHOTO, request)
  await expect.poll(async () => (await comparisons.get(EVERY_PHOTO, id)).state, LONG).toBe('done')
  const whole = await comparisons.get(EVERY_PHOTO, id)
  expect(whole).toMatchObject({
    photos: 4,
    compared: 3,
    tag_agreement: 0.5,
    left: { describer: 'left', done: 4, failed: 0, tokens: 600 },
    right: { describer: 'right', done: 3, failed: 1, tokens: 45, currency: 'USD' },
  })
  expect(whole.same_category).toBeCloseTo(2 / 3)
  expect(whole.right.cost).toBeCloseTo(0.03)
  // of four photos right failed on one and called one something else; it says two of three tags
  expect(whole.verdict).toEqual({
    fields: [
      { field: 'primary_category', percent: 50 },
      { field: 'tags', percent: 50 },
      { field: 'description', percent: 75 },
    ],
    percent: 58.3,
    passed: false,
  })
  expect(whole.pairs.find((pair) => pair.right.state === 'failed')?.right.reason).toBe('not this one')
  expect(await database.db.selectFrom('descriptions').selectAll().execute()).toEqual([])
  expect((await comparisons.list()).map((each) => each.id)).toEqual([id])
})

it('waits through an outage of one side, goes on after a restart, and stops when told', async () => {
  const down = () => new ProviderFailure('unavailable', 'the server is away')
  let comparisons = await openWith({}, { answer: down })
  const { id } = await comparisons.start(EVERY_PHOTO, request)
  await expect
    .poll(async () => await comparisons.get(EVERY_PHOTO, id), LONG)
    .toMatchObject({ left: { done: 4 }, right: { done: 0, failed: 0 }, reason: 'right: the server is away' })
  await open?.[Symbol.asyncDispose]()
  comparisons = await openWith({ answer: down }, {})
  await expect
    .poll(async () => await comparisons.get(EVERY_PHOTO, id), LONG)
    .toMatchObject({ state: 'done', left: { done: 4 }, right: { done: 4 } })
  await open?.[Symbol.asyncDispose]()
  comparisons = await openWith({ delayMs: 100_000 }, {})
  const second = await comparisons.start(EVERY_PHOTO, { ...request, photos: 6 })
  await expect.poll(async () => (await comparisons.get(EVERY_PHOTO, second.id)).right.done, LONG).toBe(6)
  expect((await comparisons.cancel(second.id)).state).toBe('cancelled')
  expect(await comparisons.get(EVERY_PHOTO, second.id)).toMatchObject({ left: { done: 0 }, right: { done: 6 } })
})

it('refuses what cannot be compared', async () => {
  const comparisons = await openWith({}, {})
  await expect(comparisons.start(EVERY_PHOTO, { ...request, right: 'left' })).rejects.toMatchObject({ code: 'invalid' })
  await expect(comparisons.start(EVERY_PHOTO, { ...request, right: 'nobody' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(comparisons.get(EVERY_PHOTO, 99)).rejects.toMatchObject({ code: 'not_found' })
  await database.db.deleteFrom('photos').execute()
  await expect(comparisons.start(EVERY_PHOTO, request)).rejects.toThrow('no analysed photo')
})
