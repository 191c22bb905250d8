/** @file What tests of descriptions share: a database that is emptied before each, a lane that is closed after each, and looks at both. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Purpose } from '../../src/contract/words.ts'
import { oweDescriptions } from '../../src/describe/store-owed.ts'
import { createFakeDescriber, type FakeDescriberOptions } from '../../src/models/providers/fake/index.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from './database.ts'
import { addAnalysedPhoto, type DescribeLaneOptions, openDescribeLane } from './describe.ts'

export const LONG = { timeout: 60_000, interval: 50 }

/** Call it once, at the top of a test file. */
export function prepareDescribeLibrary() {
  let database: TestDatabase
  let open: Awaited<ReturnType<typeof openDescribeLane>> | undefined
  beforeAll(async () => {
    database = await openTestDatabase()
  })
  afterAll(() => database[Symbol.asyncDispose]())
  beforeEach(() => truncateAll(database.db))
  afterEach(async () => {
    await open?.[Symbol.asyncDispose]()
    open = undefined
  })

  const openLane = async (options: DescribeLaneOptions) => {
    open = await openDescribeLane(database, options)
    return open
  }
  const steps = () =>
    database.db
      .selectFrom('photo_steps')
      .select(['photo_id', 'state', 'reason', 'attempts'])
      .where('step', '=', 'description')
      .orderBy('photo_id')
      .execute()
  const states = async () => (await steps()).map((row) => row.state)
  return {
    /** there once the tests run */
    database: () => database,
    openLane,
    /** The lane with the fake describer of these answers, switched on. */
    openFake: (fake: FakeDescriberOptions = {}, settings: DescribeLaneOptions['settings'] = {}, more: Partial<DescribeLaneOptions> = {}) =>
      openLane({ describers: { fake: () => createFakeDescriber(fake) }, settings: { describe: 'fake', ...settings }, ...more }),
    owe: (ids: readonly number[], purpose: Purpose = 'facts') =>
      database.db.transaction().execute((trx) => oweDescriptions(trx, ids, purpose)),
    addPhotos: async (count: number) => {
      const ids: number[] = []
      while (ids.length < count) ids.push(await addAnalysedPhoto(database))
      return ids
    },
    steps,
    states,
    descriptions: () => database.db.selectFrom('descriptions').selectAll().orderBy('photo_id').execute(),
    photoStates: async () => (await database.db.selectFrom('photos').select('state').orderBy('id').execute()).map((row) => row.state),
    untilDone: () =>
      expect.poll(async () => (await states()).filter((state) => state === 'due' || state === 'running').length, LONG).toBe(0),
  }
}
