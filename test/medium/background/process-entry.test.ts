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
