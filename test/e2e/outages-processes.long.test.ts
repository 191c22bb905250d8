/** @file Several processes on one PostgreSQL and one data folder: they share the work by their roles, and what one that is killed held is done by the others. */
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import { openDatabase } from '../../src/db/client.ts'
import { createServerDatabase, TEST_POSTGRES } from '../support/database.ts'
import { expectWhole, uploadPictures } from '../support/outages.ts'
import { makeDataDir, type Program, spawnProgram, startProgram, until } from '../support/program.ts'
import { NEEDS_SERVER } from '../support/skip-reasons.ts'

const EACH = 8

describe.runIf(TEST_POSTGRES)('processes on one PostgreSQL', { meta: NEEDS_SERVER }, () => {
  it.each([2, 4])(
    '%i share the work; one is killed in the middle: nothing is lost, nothing stuck, nothing done twice',
    async (count) => {
      const fresh = await createServerDatabase(TEST_POSTGRES as string)
      const dataDir = await makeDataDir('')
      const start = () => startProgram({ dataDir, env: { DATABASE_URL: fresh.url } })
      const programs: Program[] = []
      try {
        for (let started = 0; started < count; started++) programs.push(await start())
        const urls = programs.map(({ url }) => url)
        for (const [i, url] of urls.entries()) await uploadPictures(url, i * EACH, EACH)
        const [kept, ...others] = programs as [Program, ...Program[]]
        const victim = others[Math.floor(Math.random() * others.length)] as Program
        await until<Progress>(`${victim.url}/api/progress`, ({ working_on }) => working_on.length > 0)
        await victim.stop('SIGKILL')
        await using open = await openDatabase({ dataDir, databaseUrl: fresh.url })
        const held = await open.db.selectFrom('photo_leases').select('photo_id').where('owner', 'is not', null).execute()
        expect(held.length).toBeGreaterThan(0)
        programs.push(await start())

        await until<Progress>(`${kept.url}/api/progress`, (now) => now.photos === count * EACH && now.due === 0, 300_000)
        for (const program of programs)
          if (program !== victim) await until<Progress>(`${program.url}/api/progress`, (now) => now.done === count * EACH)
        // each did some of it, and no photo was done by two: the log says each step once
        const ended = programs.map((program) => [...program.output().matchAll(/"photo_id":(\d+),"step":"hash"/g)].map(([, id]) => id))
        for (const [i, ids] of ended.slice(0, count).entries())
          if (programs[i] !== victim) expect(ids.length, `process ${i}`).toBeGreaterThan(0)
        const inAll = ended.flat()
        expect(inAll.length - new Set(inAll).size).toBe(0)

        // what only one may do has one holder, who is alive
        const { rows } = await sql<{ name: string; is_alive: boolean }>`
        select name, exists (select 1 from processes p where p.id = owner and p.until > now()) as is_alive from task_leases`.execute(
          open.db,
        )
        expect(rows.map(({ name }) => name)).toContain('people')
        for (const program of programs) if (program !== victim && program !== kept) expect(await program.stop('SIGTERM')).toBe(0)
        await expectWhole(kept, count * EACH, fresh.url)
        expect(await open.db.selectFrom('processes').select('id').where('until', '>', new Date()).execute()).toEqual([])
      } finally {
        for (const program of programs) await program[Symbol.asyncDispose]()
        await fresh.drop()
        await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
      }
    },
    600_000,
  )

  it('an API process takes uploads and leaves the work to a worker, whose results it shows', async () => {
    const fresh = await createServerDatabase(TEST_POSTGRES as string)
    const dataDir = await makeDataDir('')
    const env = { DATABASE_URL: fresh.url, DATABASE_DIRECT_URL: fresh.url }
    await using api = await startProgram({ dataDir, env: { ...env, FOTOTECA_ROLES: 'api' } })
    const worker = spawnProgram(['serve'], dataDir, { ...env, FOTOTECA_ROLES: 'worker' })
    try {
      await uploadPictures(api.url, 0, EACH)
      await until<Progress>(`${api.url}/api/progress`, (now) => now.done === EACH && now.due === 0)
      expect(api.output()).not.toContain('"step":"hash"')
      await using open = await openDatabase({ dataDir, databaseUrl: fresh.url })
      const processes = await open.db.selectFrom('processes').select('roles').where('until', '>', new Date()).orderBy('roles').execute()
      expect(processes.map(({ roles }) => roles)).toEqual(['api', 'worker'])
      // without a worker an upload is taken all the same, and waits for one
      const ended = once(worker, 'exit')
      worker.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      await uploadPictures(api.url, EACH, 1)
      await until<Progress>(`${api.url}/api/progress`, (now) => now.photos === EACH + 1 && now.due > 0)
      const next = spawnProgram(['serve'], dataDir, { ...env, FOTOTECA_ROLES: 'worker' })
      try {
        await until<Progress>(`${api.url}/api/progress`, (now) => now.done === EACH + 1 && now.due === 0)
      } finally {
        next.kill('SIGKILL')
      }
    } finally {
      worker.kill('SIGKILL')
      await api[Symbol.asyncDispose]()
      await fresh.drop()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    }
  }, 600_000)
})
