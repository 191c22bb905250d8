/** @file PGlite in the data folder: every commit reaches the disk, kill -9 loses nothing answered, a dead thread fails its callers. */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../../src/db/client.ts'
import { MIGRATIONS, migrateToLatest } from '../../../src/db/migrate.ts'
import { PgliteThread } from '../../../src/db/pglite.ts'
import { hasReserve, makeReserve } from '../../../src/db/reserve.ts'
import { startChild } from '../../support/child.ts'
import { layDatabase, openTestDatabase, TEST_POSTGRES } from '../../support/database.ts'
import { IS_LONG, NEEDS_LONG, sweep } from '../../support/long.ts'
import { NEEDS_EMBEDDED, NEEDS_SERVER } from '../../support/skip-reasons.ts'
import { fillDisk, mountDisk } from '../../support/small-disk.ts'

const writer = resolve(import.meta.dirname, 'children/write-rows.ts')

const ROUNDS = sweep(2, 8)

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fototeca-durable-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

// new databases and recoveries on a real disk: minutes where others use disk and processor too
describe.skipIf(TEST_POSTGRES)('PGlite (a server has its own durability)', { timeout: 600_000, meta: NEEDS_EMBEDDED }, () => {
  test('forces every commit to the disk, and only commits', async () => {
    await using open = await openTestDatabase({ isOwn: true })
    const before = (await open.countSyncs())!
    for (let index = 0; index < 100; index++)
      await open.db
        .insertInto('settings')
        .values({ key: `k${index}`, value: '1' })
        .execute()
    const after = (await open.countSyncs())!
    expect(after - before).toBeGreaterThanOrEqual(100)
    await open.db.selectFrom('settings').selectAll().execute()
    expect(await open.countSyncs()).toBe(after)
    const settings = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'wal_sync_method', 'full_page_writes') order by name`.execute(
      open.db,
    )
    expect(settings.rows.map((row) => `${row.name}=${row.setting}`)).toEqual([
      'fsync=on',
      'full_page_writes=on',
      'synchronous_commit=on',
      'wal_sync_method=fsync',
    ])
  })

  test('kill -9 under write load, again and again, loses nothing that was answered', async () => {
    const answered = new Set<string>()
    await layDatabase(dataDir)
    for (let round = 0; round < ROUNDS; round++) {
      const child = startChild(writer, [dataDir, `r${round}`])
      await child.waitFor((line) => line.startsWith(`r${round}-${40 + round * 37}`))
      await child.kill()
      for (const line of child.lines) answered.add(line)
    }
    await using open = await openDatabase({ dataDir })
    const rows = await open.db.selectFrom('settings').select(['key', 'value']).execute()
    const stored = new Map(rows.map((row) => [row.key, row.value]))
    expect([...answered].filter((key) => !stored.has(key))).toEqual([])
    expect(rows.filter((row) => row.value !== 'y'.repeat(200))).toEqual([]) // no half of a transaction
    expect(answered.size).toBeGreaterThan(ROUNDS * 40)
  })

  test('on a full disk a write takes the room that was kept for it, and is answered', async (context) => {
    await using disk = await mountDisk(context, 160)
    await layDatabase(disk.path)
    await makeReserve(disk.path)
    const write = async ({ db }: Pick<OpenDatabase, 'db'>, key: string) =>
      void (await db
        .insertInto('settings')
        .values({ key, value: JSON.stringify(randomBytes(500_000).toString('hex')) })
        .execute())
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    {
      await using open = await openDatabase({ dataDir: disk.path })
      fillDisk(join(disk.path, 'fill'))
      expect(await hasReserve(disk.path)).toBe(true)
      for (const key of keys) await write(open, key)
      expect(await hasReserve(disk.path)).toBe(false)
    }
    await using open = await openDatabase({ dataDir: disk.path })
    const rows = await open.db.selectFrom('settings').select('key').where('key', 'in', keys).orderBy('key').execute()
    expect(rows.map(({ key }) => key)).toEqual(keys)
  })

  test('a failed fsync ends the database: no retry, a clear error, nothing answered is lost', async (context) => {
    await layDatabase(dataDir)
    const inject = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO:when=120']
    const run = spawnSync('strace', [...inject, process.execPath, writer, dataDir, 'after'], { encoding: 'utf8', timeout: 120_000 })
    if (run.error || /ptrace|PTRACE/.test(run.stderr)) {
      context.task.meta.needs = 'strace, and the right to trace'
      return context.skip()
    }
    expect(run.status).toBe(1)
    expect(run.stderr).toContain('stopped: EIO: i/o error, fdatasync')
    const answered = run.stdout.trim().split('\n')
    expect(answered.length).toBeGreaterThan(20)
    await using open = await openDatabase({ dataDir })
    const stored = new Set((await open.db.selectFrom('settings').select('key').execute()).map((row) => row.key))
    expect(answered.filter((key) => !stored.has(key))).toEqual([])
  })

  test.runIf(IS_LONG)('a first start that was killed starts again from nothing', { meta: NEEDS_LONG }, async () => {
    const child = startChild(writer, [dataDir, 'first'])
    let isMade = false
    const made = child
      .waitFor(() => true)
      .then(() => {
        isMade = true
      })
    const hasBegun = () => readdirSync(dataDir).some((name) => name.startsWith('pg.new-') && existsSync(join(dataDir, name, 'PG_VERSION')))
    // whoever makes the database outlives the kill and goes on beside the second start; where nobody looked in time, all of it is there
    while (!isMade && !hasBegun()) await Promise.race([made, sleep(5)])
    await Promise.all([child.kill(), made.catch(() => {})])
    await using open = await openDatabase({ dataDir })
    await migrateToLatest(open.db)
    expect(await open.db.selectFrom('photos').selectAll().execute()).toEqual([])
  })

  test('a folder that is no database is refused with a sentence', async () => {
    await mkdir(join(dataDir, 'pg'))
    await writeFile(join(dataDir, 'pg', 'PG_VERSION'), '18\n')
    await expect(openDatabase({ dataDir })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`${dataDir}/pg cannot be opened`),
    })
  })

  test('when its thread dies, open and later calls fail with one clear error', async () => {
    await layDatabase(dataDir)
    const thread = new PgliteThread({ folder: join(dataDir, 'pg') })
    await thread.ready
    const open = thread.query('select pg_sleep(30)', []).catch((error: unknown) => error)
    await thread.terminate()
    expect(await open).toMatchObject({ code: 'unavailable', message: expect.stringContaining('start fototeca again') })
    await expect(thread.query('select 1', [])).rejects.toMatchObject({ code: 'unavailable' })
    expect(await thread.failed).toMatchObject({ code: 'unavailable' })
  })
})

describe('migrations', () => {
  test('run once, and a database of a newer program is refused', async () => {
    await using open = await openTestDatabase({ isOwn: true })
    await migrateToLatest(open.db)
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', 'x')`.execute(open.db)
    await expect(migrateToLatest(open.db)).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('9999-later') })
  })

  test('a database older than the first version is refused, with what to do, and stays as it is', async () => {
    await using open = await openTestDatabase({ isOwn: true })
    await sql`update kysely_migration set name = '0002-describe' where name = '0032-baseline'`.execute(open.db)
    const names = async () => (await sql`select name, timestamp from kysely_migration order by name`.execute(open.db)).rows
    const before = await names()
    await expect(migrateToLatest(open.db)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(/it has 1 of the 26 migrations.*Start fototeca of commit af83b4e/),
    })
    expect(await names()).toEqual(before)
  })

  test.runIf(TEST_POSTGRES)('two processes at once migrate a server once', { meta: NEEDS_SERVER }, async () => {
    const { createServerDatabase } = await import('../../support/database.ts')
    const fresh = await createServerDatabase(TEST_POSTGRES!)
    try {
      await using first = await openDatabase({ dataDir, databaseUrl: fresh.url })
      await using second = await openDatabase({ dataDir, databaseUrl: fresh.url })
      await Promise.all([migrateToLatest(first.db), migrateToLatest(second.db)])
      const { rows } = await sql`select name from kysely_migration order by name`.execute(first.db)
      expect(rows).toEqual(Object.keys(MIGRATIONS).map((name) => ({ name })))
    } finally {
      await fresh.drop()
    }
  })
})

describe('a wrong DATABASE_URL', () => {
  test.each([
    ['postgres://user:secret@127.0.0.1:1/photos', 'unavailable', 'no PostgreSQL answers at user@127.0.0.1:1/photos'],
    ['mysql://user:secret@localhost/photos', 'config', 'not a postgres:// URL'],
    ['nonsense', 'config', 'not a postgres:// URL'],
  ])('%s', async (databaseUrl, code, words) => {
    const error = await openDatabase({ dataDir, databaseUrl }).catch((caught: unknown) => caught as Error)
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) })
    expect(JSON.stringify(error) + (error as Error).message + String((error as Error).cause)).not.toContain('secret')
  })

  test.runIf(TEST_POSTGRES)('names a missing database and a wrong password', { meta: NEEDS_SERVER }, async () => {
    const url = new URL(TEST_POSTGRES!)
    url.pathname = '/no_such_database'
    await expect(openDatabase({ dataDir, databaseUrl: url.href })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('createdb'),
    })
    url.username = 'nobody_here'
    url.password = 'secret'
    await expect(openDatabase({ dataDir, databaseUrl: url.href })).rejects.toMatchObject({
      code: 'config',
      message: expect.not.stringContaining('secret'),
    })
  })
})
