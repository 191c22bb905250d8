import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { enterProcess } from '../../../src/background/process-entry.ts'
import { beat, deleteProcess, isAlive } from '../../../src/background/store-processes.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const enter = (engine: 'pglite' | 'postgres', dataDir: string, beatMs = 60_000) =>
  enterProcess({ db: open.db, engine }, { dataDir, version: '1', log: silentLog, beatMs, aliveMs: 20_000 })
const list = async () => (await open.db.selectFrom('processes').select('id').orderBy('started_at').execute()).map(({ id }) => id)
const alive = async () =>
  (await open.db.selectFrom('processes').select('id').where(isAlive('processes.id')).orderBy('started_at').execute()).map(({ id }) => id)

it('whoever opens the embedded database is its only process, without a beat', async () => {
  await using before = await enter('pglite', '/other')
  await using now = await enter('pglite', '/data')
  expect(await alive()).toEqual([now.id])
  expect(now.id).not.toBe(before.id)
})

it('on a server a process replaces who was in the same place, and goes from the list when it ends', async () => {
  await using one = await enter('postgres', '/one')
  {
    await using two = await enter('postgres', '/two')
    expect(await alive()).toEqual([one.id, two.id])
    // as after a kill: its successor has the lock of the data folder
    await using again = await enter('postgres', '/one')
    expect(await alive()).toEqual([two.id, again.id])
  }
  expect(await list()).toEqual([])
})

it('is gone for others when it was not heard of for long, and is back with its next beat', async () => {
  await using one = await enter('postgres', '/one', 30)
  await beat(open.db, one.id, -1)
  await expect.poll(alive).toEqual([one.id])
  await deleteProcess(open.db, one.id)
  await expect.poll(alive).toEqual([one.id])
})
