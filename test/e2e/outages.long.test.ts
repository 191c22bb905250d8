/**
 * @file Outages of the disk and the database under the running program, and at its start and end: nothing fails for them, nothing is lost,
 * all goes on by itself. Those of a server need FOTOTECA_TEST_POSTGRES.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Health, Progress } from '../../src/contract/library.ts'
import { message, textMessage } from '../../src/contract/messages/message.ts'
import { openDatabase } from '../../src/db/client.ts'
import { createServerDatabase, TEST_POSTGRES } from '../support/database.ts'
import {
  ask,
  expectWhole,
  LONG,
  newDataDir,
  tryUpload,
  untilAnalysed,
  untilReady,
  untilWorking,
  uploadPictures,
} from '../support/outages.ts'
import { askJson, makeDataDir, spawnProgram, startProgram, until } from '../support/program.ts'
import { NEEDS_EMBEDDED, NEEDS_SERVER } from '../support/skip-reasons.ts'
import { fillDisk, mountDisk } from '../support/small-disk.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

describe.skipIf(TEST_POSTGRES)('a disk', { meta: NEEDS_EMBEDDED }, () => {
  it('that fills up while photos are analysed and uploaded: no photo fails, and all goes on when there is room', async (context) => {
    await using disk = await mountDisk(context, 400)
    await using program = await startProgram({ dataDir: await newDataDir(disk.path), env: { FOTOTECA_MIN_FREE_MB: '40' } })
    await untilReady(program.url, 200)
    await uploadPictures(program.url, 0, 10)
    await untilWorking(program.url)
    fillDisk(join(disk.path, 'fill'))
    await untilReady(program.url, 503)
    expect((await ask(`${program.url}/ready`)).detail).toContain('Make room')
    const refused = await tryUpload(program.url, 100)
    expect(refused).toMatchObject({ status: 507, detail: expect.stringContaining('Nothing was taken; send it again later') })
    expect(refused.retryAfter).toBeGreaterThan(0)
    // searches and reads are answered all the while
    const health = await until<Health>(`${program.url}/health`, ({ status }) => status === 'degraded')
    expect(health.lanes.find(({ lane }) => lane === 'analyse')).toMatchObject({ state: 'paused', reason: expect.stringContaining('full') })
    // the counts are kept for a moment
    const held = await until<Progress>(`${program.url}/api/progress`, ({ notices }) =>
      notices.some((notice) => notice.includes('Make room')),
    )
    expect(held).toMatchObject({ photos: 10, failed: 0, partial: 0 })

    await rm(join(disk.path, 'fill'))
    await untilReady(program.url, 200)
    await uploadPictures(program.url, 10, 1)
    await expectWhole(program, 11)
  }, 600_000)

  it('that is full to the last byte when the program is stopped: it ends with 0, and is whole afterwards', async (context) => {
    await using disk = await mountDisk(context, 400)
    const dataDir = await newDataDir(disk.path)
    const env = { FOTOTECA_MIN_FREE_MB: '40' }
    {
      await using program = await startProgram({ dataDir, env })
      await untilReady(program.url, 200)
      await uploadPictures(program.url, 0, 4)
      await untilWorking(program.url)
      fillDisk(join(disk.path, 'fill'))
      await untilReady(program.url, 503)
      expect(await program.stop('SIGTERM')).toBe(0)
    }
    await rm(join(disk.path, 'fill'))
    await using program = await startProgram({ dataDir, env })
    await expectWhole(program, 4)
  }, 600_000)

  it('that becomes read-only: uploads are refused, nothing fails, and all goes on when it can be written', async (context) => {
    await using disk = await mountDisk(context, 400)
    const dataDir = await newDataDir(disk.path)
    await using program = await startProgram({ dataDir, env: { FOTOTECA_MIN_FREE_MB: '0' } })
    await uploadPictures(program.url, 0, 6)
    await untilWorking(program.url)
    // laid over the folder: what is open stays writable, as with a database whose files are open; whatever is opened anew is not
    execFileSync('mount', ['--bind', dataDir, dataDir])
    execFileSync('mount', ['-o', 'remount,bind,ro', dataDir])
    try {
      await untilReady(program.url, 503)
      expect((await ask(`${program.url}/ready`)).detail).toContain('is read-only')
      expect(await tryUpload(program.url, 100)).toMatchObject({ status: 503, detail: expect.stringContaining('is read-only') })
      await until<Progress>(`${program.url}/api/progress`, ({ working_on }) => working_on.length === 0)
    } finally {
      execFileSync('umount', [dataDir])
    }
    await untilReady(program.url, 200)
    await expectWhole(program, 6)
  }, 600_000)
})

describe.skipIf(TEST_POSTGRES)('a data folder that is moved away', { meta: NEEDS_EMBEDDED }, () => {
  it('stops nothing for good: it is not made anew, and work goes on when it is back', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'fototeca-away-'))
    const dataDir = await newDataDir(parent)
    await using program = await startProgram({ dataDir })
    await uploadPictures(program.url, 0, 6)
    await untilWorking(program.url)
    await rename(dataDir, join(parent, 'away'))
    await untilReady(program.url, 503)
    expect((await ask(`${program.url}/ready`)).detail).toContain('is not there')
    expect(await tryUpload(program.url, 100)).toMatchObject({ status: 503 })
    await until<Progress>(`${program.url}/api/progress`, ({ working_on }) => working_on.length === 0)
    expect(await readdir(parent)).toEqual(['away'])
    await rename(join(parent, 'away'), dataDir)
    await untilReady(program.url, 200)
    await expectWhole(program, 6)
    await rm(parent, { recursive: true, force: true })
  }, 600_000)

  it('lets the program end in good order; photos that failed for want of room under an earlier version are due at the next start', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'fototeca-away-'))
    const dataDir = await newDataDir(parent)
    await using program = await startProgram({ dataDir })
    await uploadPictures(program.url, 0, 2)
    await rename(dataDir, join(parent, 'away'))
    await untilReady(program.url, 503)
    expect(await program.stop('SIGTERM')).toBe(0)
    await rename(join(parent, 'away'), dataDir)
    // as an earlier version, which took a full disk for a fault of the photo, left them
    await untilAnalysed(dataDir, 2)
    {
      await using open = await openDatabase({ dataDir })
      await open.db
        .updateTable('photo_steps')
        .set({
          state: 'failed',
          attempts: 3,
          reason: JSON.stringify(message('step.outage', { text: 'ENOSPC: no space left on device, write' })),
        })
        .where('step', '=', 'prepare')
        .execute()
      await open.db
        .updateTable('photos')
        .set({ state: 'failed', reason: JSON.stringify(textMessage('ENOSPC: no space left on device, write')) })
        .execute()
    }
    await using again = await startProgram({ dataDir })
    await until<Progress>(`${again.url}/api/progress`, ({ failed }) => failed === 0)
    await expectWhole(again, 2)
    await rm(parent, { recursive: true, force: true })
  }, 600_000)
})

describe.skipIf(TEST_POSTGRES)('a data folder that is missing at the start', { meta: NEEDS_EMBEDDED }, () => {
  it.each(['is not there', 'is empty'])(
    '%s: refused where there must be one, otherwise a new library says that it is new',
    async (how) => {
      const parent = await mkdtemp(join(tmpdir(), 'fototeca-away-'))
      const dataDir = join(parent, 'data')
      if (how === 'is empty') await mkdir(dataDir)
      const child = spawnProgram(['serve'], dataDir, { FOTOTECA_DATA_MUST_EXIST: 'on' })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk))
      expect(await once(child, 'close')).toEqual([2, null])
      expect(said).toContain(`there is no library in the data folder ${dataDir}`)
      expect(await readdir(parent, { recursive: true })).toEqual(how === 'is empty' ? ['data'] : [])
      if (how === 'is not there') {
        await using program = await startProgram({ dataDir })
        await expect.poll(program.output, LONG).toContain(`A new library was made in ${dataDir}`)
        const notices = async () => (await askJson<Progress>(`${program.url}/api/progress`)).notices.join()
        expect(await notices()).toContain('A new library was made')
        await uploadPictures(program.url, 0, 1)
        await expect.poll(notices, LONG).not.toContain('A new library was made')
        expect(await program.stop()).toBe(0)
        await using again = await startProgram({ dataDir, env: { FOTOTECA_DATA_MUST_EXIST: 'on' } })
        expect(again.output()).not.toContain('A new library')
        expect(await again.stop()).toBe(0)
      }
      await rm(parent, { recursive: true, force: true })
    },
    600_000,
  )
})

describe.runIf(TEST_POSTGRES)('a PostgreSQL server', { meta: NEEDS_SERVER }, () => {
  it('that goes away and comes back: 503 with a sentence, nothing fails, and the lanes go on', async () => {
    const fresh = await createServerDatabase(TEST_POSTGRES as string)
    const server = new URL(fresh.url)
    await using proxy = await startTcpProxy({ host: server.hostname, port: Number(server.port) })
    const through = new URL(fresh.url)
    through.host = `127.0.0.1:${proxy.port}`
    const dataDir = await makeDataDir('')
    const env = { DATABASE_URL: through.href }
    try {
      await using program = await startProgram({ dataDir, env })
      await uploadPictures(program.url, 0, 8)
      await untilWorking(program.url)
      await proxy.shut()
      await untilReady(program.url, 503)
      expect((await ask(`${program.url}/ready`)).detail).toContain('the database does not answer')
      expect(await tryUpload(program.url, 100)).toMatchObject({ status: 503, detail: expect.stringContaining('the database') })
      expect((await ask(`${program.url}/api/photos`)).status).toBe(503)
      await proxy.open()
      await untilReady(program.url, 200)
      await untilWorking(program.url)
      // and once more, as a server that is restarted ends its connections
      await using open = await openDatabase({ dataDir, databaseUrl: fresh.url })
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
        open.db,
      )
      await expectWhole(program, 8, fresh.url)
    } finally {
      await fresh.drop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    }
  }, 600_000)

  it('whose disk is full (53100): uploads are refused, nothing fails, and all goes on when there is room', async () => {
    const fresh = await createServerDatabase(TEST_POSTGRES as string)
    const dataDir = await makeDataDir('')
    try {
      await using program = await startProgram({ dataDir, env: { DATABASE_URL: fresh.url } })
      await uploadPictures(program.url, 0, 4)
      await untilWorking(program.url)
      {
        await using open = await openDatabase({ dataDir, databaseUrl: fresh.url })
        await sql`create function no_room() returns trigger language plpgsql as
          $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`.execute(open.db)
        const tables = ['photos', 'photo_steps'] as const
        for (const table of tables)
          await sql`create trigger no_room before insert or update on ${sql.table(table)} for each row execute function no_room()`.execute(
            open.db,
          )
        expect(await tryUpload(program.url, 100)).toMatchObject({ status: 507 })
        await until<Health>(`${program.url}/health`, ({ lanes }) =>
          lanes.some(({ lane, state, reason }) => lane === 'analyse' && state === 'paused' && reason?.includes('could not extend file')),
        )
        for (const table of tables) await sql`drop trigger no_room on ${sql.table(table)}`.execute(open.db)
      }
      await untilReady(program.url, 200)
      await expectWhole(program, 4, fresh.url)
    } finally {
      await fresh.drop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    }
  }, 600_000)

  it('that is away when the program is stopped: it ends with 0', async () => {
    const fresh = await createServerDatabase(TEST_POSTGRES as string)
    const server = new URL(fresh.url)
    await using proxy = await startTcpProxy({ host: server.hostname, port: Number(server.port) })
    const through = new URL(fresh.url)
    through.host = `127.0.0.1:${proxy.port}`
    const dataDir = await makeDataDir('')
    try {
      {
        await using program = await startProgram({ dataDir, env: { DATABASE_URL: through.href } })
        await uploadPictures(program.url, 0, 3)
        await untilWorking(program.url)
        await proxy.shut()
        await untilReady(program.url, 503)
        expect(await program.stop('SIGTERM')).toBe(0)
      }
      await using program = await startProgram({ dataDir, env: { DATABASE_URL: fresh.url } })
      await expectWhole(program, 3, fresh.url)
    } finally {
      await fresh.drop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    }
  }, 600_000)
})
