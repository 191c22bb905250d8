import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { Relay } from '../../../src/background/relay.ts'
import { openDatabase } from '../../../src/db/client.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { openTestDatabase, TEST_POSTGRES, type TestDatabase, truncateAll } from '../../support/database.ts'
import { NEEDS_SERVER } from '../../support/skip-reasons.ts'

let open: TestDatabase
beforeAll(async () => {
  open = await openTestDatabase()
})
afterAll(() => open[Symbol.asyncDispose]())
beforeEach(() => truncateAll(open.db))

const NEVER_MS = 600_000
const make = async (lookMs: number, listen: ConstructorParameters<typeof Relay>[0]['listen'] = null) => {
  const relay = new Relay({ db: open.db, engine: 'postgres', listen }, { log: silentLog, lookMs })
  const heard: string[] = []
  relay.on('models', () => heard.push('models'))
  relay.on('photos due', () => heard.push('photos due'))
  await relay.start()
  return { relay, heard, [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose]() }
}

it('others hear what one process tells, together, by looking; the one that tells does not hear itself', async () => {
  await using one = await make(30)
  await using two = await make(30)
  one.relay.tell('models')
  one.relay.tell('photos due')
  one.relay.tell('models')
  await expect.poll(() => [...two.heard].sort()).toEqual(['models', 'photos due'])
  two.relay.tell('models')
  await expect.poll(() => one.heard).toEqual(['models'])
  expect(two.heard).toHaveLength(2)
})

it('what was told before the start is not heard; what several told at once is', async () => {
  await using one = await make(30)
  one.relay.tell('models')
  await expect.poll(async () => (await open.db.selectFrom('relayed').select('topic').execute()).length).toBe(1)
  await using two = await make(NEVER_MS)
  await using three = await make(30)
  one.relay.tell('models')
  await expect.poll(() => three.heard).toEqual(['models'])
  // it learns of the other’s with its own
  two.relay.tell('models')
  await expect.poll(() => two.heard).toEqual(['models'])
  await expect.poll(() => one.heard).toEqual(['models'])
})

it('what could not be told is told when the database answers again', async () => {
  await using two = await make(30)
  let isDown = true
  const db = new Proxy(open.db, {
    get: (target, key) => {
      if (isDown && key !== 'selectFrom') throw new Error('the database is away')
      const value = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  await using one = new Relay({ db, engine: 'postgres', listen: null }, { log: silentLog, lookMs: 30 })
  await one.start()
  one.tell('models')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(two.heard).toEqual([])
  isDown = false
  await expect.poll(() => two.heard).toEqual(['models'])
})

it.runIf(TEST_POSTGRES)('a notification is heard without looking, also after its connection was lost', { meta: NEEDS_SERVER }, async () => {
  const [found] = (await (await import('kysely')).sql<{ name: string }>`select current_database() as name`.execute(open.db)).rows
  const url = new URL(TEST_POSTGRES as string)
  url.pathname = `/${found?.name}`
  await using listening = await openDatabase({ dataDir: '/unused', databaseUrl: url.href, databaseDirectUrl: url.href })
  await using one = await make(NEVER_MS)
  await using two = await make(NEVER_MS, listening.listen)
  await expect
    .poll(async () => {
      one.relay.tell('models')
      return two.heard.length
    })
    .toBeGreaterThan(0)
})
