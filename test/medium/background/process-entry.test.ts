import { hostname } from 'node:os'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { enterProcess, type ProcessEntry } from '../../../src/background/process-entry.ts'
import { Relay } from '../../../src/background/relay.ts'
import { beat, deleteProcess, insertProcess, isAlive } from '../../../src/background/store-processes.ts'
import { Task } from '../../../src/background/task.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { openTestDatabase, TEST_POSTGRES, type TestDatabase, truncateAll } from '../../support/database.ts'
import { NEEDS_SERVER } from '../../support/skip-reasons.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const relayOf = (engine: 'pglite' | 'postgres') => new Relay({ db: open.db, engine, listen: null }, { log: silentLog, lookMs: 30 })
const enter = (engine: 'pglite' | 'postgres', dataDir: string, beatMs = 60_000) =>
  enterProcess(
    { db: open.db, engine },
    { dataDir, relay: relayOf(engine), isAlone: true, version: '1', log: silentLog, beatMs, aliveMs: 20_000 },
  )
const list = async () => (await open.db.selectFrom('processes').select('id').orderBy('started_at').execute()).map(({ id }) => id)
const alive = async () =>
  (await open.db.selectFrom('processes').select('id').where(isAlive('processes.id')).orderBy('started_at').execute()).map(({ id }) => id)

it('whoever opens the embedded database is its only process, without a beat', async () => {
  await using before = await enter('pglite', '/other')
  await using now = await enter('pglite', '/data')
  expect(await alive()).toEqual([now.id])
  expect(now.id).not.toBe(before.id)
})

it('on a server a process that is alone in its place replaces who was there, and goes from the list when it ends', async () => {
  const killed = { id: 'killed', host: hostname(), pid: 1, place: `${hostname()}:/one`, version: '1', roles: 'all' }
  await insertProcess(open.db, killed, { aliveMs: 60_000, isAlone: true })
  {
    await using two = await enter('postgres', '/two')
    expect(await alive()).toEqual(['killed', two.id])
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

it('says how each task stands, what is left of it, and who does it', async () => {
  await using entry = await enter('pglite', '/data')
  let left = 10
  await using task = new Task({
    name: 'work',
    due: async () => left,
    async work() {
      left -= 5
      if (left === 0) throw new Error('no more paper')
    },
    log: silentLog,
    failureMessage: 'it failed',
    failureLevel: 'warn',
    retryMs: 60_000,
  })
  entry.share(task)
  const report = async () => (await entry.report()).tasks
  expect(await report()).toMatchObject([{ name: 'work', process: entry.id, state: 'idle', due: 10, seconds_left: null, pieces: 0 }])
  task.wake()
  await expect.poll(() => left).toBe(5)
  const [row] = await report()
  expect(row).toMatchObject({ due: 5, pieces: 1, failures_in_a_row: 0 })
  expect(row?.seconds_left).toBeCloseTo(5 / (row?.per_second ?? 0), 6)
  task.wake()
  await expect
    .poll(report)
    .toMatchObject([{ state: 'waiting to retry', due: 0, seconds_left: 0, failures_in_a_row: 1, last_error: 'no more paper' }])
  expect((await entry.report()).processes).toMatchObject([{ id: entry.id, host: hostname(), pid: process.pid, version: '1', roles: 'all' }])
})

it.runIf(TEST_POSTGRES)(
  'of what one process does, the others say what it said with its last heartbeat',
  { meta: NEEDS_SERVER },
  async () => {
    await using one = await enter('postgres', '/one', 30)
    await using two = await enter('postgres', '/two', 30)
    const make = (entry: ProcessEntry) => {
      const task = new Task({
        name: 'work',
        work: async () => ({ held: 'no model is installed' }),
        log: silentLog,
        failureMessage: 'it failed',
      })
      entry.share(task)
      return task
    }
    await using first = make(one)
    await using second = make(two)
    const said = async (entry: ProcessEntry) => (await entry.report()).tasks.filter(({ name }) => name === 'work')
    first.wake()
    await expect.poll(() => said(two)).toMatchObject([{ process: one.id, state: 'held', reason: 'no model is installed' }])
    second.wake()
    await expect.poll(() => second.report().reason).toBe('another process does this')
    expect(await said(one)).toEqual(await said(one))
    expect(await said(two)).toHaveLength(1)
    const { processes, tasks } = await two.report()
    expect(processes.map(({ id }) => id)).toEqual([one.id, two.id])
    expect(tasks.filter(({ name }) => name === 'heartbeat')).toHaveLength(2)
    // it is gone, and nobody does its work until somebody is woken
    await deleteProcess(open.db, one.id)
    expect((await said(two)).map(({ process }) => process)).toEqual([two.id])
  },
)

it.runIf(TEST_POSTGRES)(
  'what one process may do goes to another when its holder is gone, which can write nothing of it any more',
  { meta: NEEDS_SERVER },
  async () => {
    await using one = await enter('postgres', '/one')
    await using two = await enter('postgres', '/two', 30)
    const began: string[] = []
    const go = Promise.withResolvers<void>()
    const make = (entry: ProcessEntry, who: string, hold: Promise<void> | null) => {
      const task = new Task({
        name: 'work',
        async work() {
          began.push(who)
          await hold
          await open.db
            .insertInto('sources')
            .values({ kind: 'folder', path: `/${who}` })
            .execute()
        },
        log: silentLog,
        failureMessage: 'it failed',
        failureLevel: 'warn',
        retryMs: 60_000,
      })
      entry.share(task)
      return task
    }
    await using first = make(one, 'one', go.promise)
    await using second = make(two, 'two', null)
    first.wake()
    await expect.poll(() => began).toEqual(['one'])
    second.wake()
    await expect.poll(() => second.report().reason).toBe('another process does this')
    // its machine sleeps
    await beat(open.db, one.id, -1)
    await expect.poll(() => began).toEqual(['one', 'two'])
    await expect.poll(() => second.report().state).toBe('idle')
    go.resolve()
    await expect.poll(() => first.report().lastError).toBe('another process took over “work”')
    const paths = (await open.db.selectFrom('sources').select('path').where('path', 'is not', null).execute()).map(({ path }) => path)
    expect(paths).toEqual(['/two'])
  },
)
