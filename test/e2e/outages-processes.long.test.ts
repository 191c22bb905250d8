/** @file Several processes on one PostgreSQL and one data folder: they share the work by their roles, and what one that is killed held is done by the others. */
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Progress } from '../../src/contract/library.ts'
import type { TasksReport } from '../../src/contract/tasks.ts'
import { openDatabase } from '../../src/db/client.ts'
import { createServerDatabase, TEST_POSTGRES } from '../support/database.ts'
import { makeRandom } from '../support/hostile-files.ts'
import { expectWhole, uploadPictures } from '../support/outages.ts'
import { askJson, makeDataDir, type Program, runProgram, spawnProgram, startProgram, until } from '../support/program.ts'
import { NEEDS_SERVER } from '../support/skip-reasons.ts'

const EACH = 8
/** of each number of processes */
const KILLS = 5
/** The same number kills the same processes at the same moments, as far as a machine repeats itself. */
const SEED = Number(process.env.FOTOTECA_TEST_SEED ?? 1)

describe.runIf(TEST_POSTGRES)('processes on one PostgreSQL', { meta: NEEDS_SERVER }, () => {
  it.each([2, 4])(
    `%i share the work and are killed at random, ${KILLS} times (FOTOTECA_TEST_SEED=${SEED}): nothing is lost, nothing stuck, nothing done twice`,
    async (count) => {
      const random = makeRandom(SEED + count)
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
      const fresh = await createServerDatabase(TEST_POSTGRES as string)
      const dataDir = await makeDataDir('')
      const start = () => startProgram({ dataDir, env: { DATABASE_URL: fresh.url } })
      const all: Program[] = []
      let alive: Program[] = []
      const enter = async () => {
        const program = await start()
        all.push(program)
        alive.push(program)
      }
      try {
        for (let started = 0; started < count; started++) await enter()
        await using open = await openDatabase({ dataDir, databaseUrl: fresh.url })
        let photos = 0
        const uploadMore = async (more: number) => {
          await uploadPictures(pick(alive).url, photos, more)
          photos += more
        }
        await uploadMore(EACH * count)
        for (let kill = 1; kill <= KILLS; kill++) {
          const victim = pick(alive)
          // in the middle of a photo, each time somewhere else in it
          await until<Progress>(`${victim.url}/api/progress`, ({ working_on }) => working_on.length > 0)
          await sleep(random() * 300)
          await victim.stop('SIGKILL')
          alive = alive.filter((program) => program !== victim)
          // its minute of silence is waited for once
          if (kill < KILLS || count > 2) await sql`update processes set until = now() where pid = ${victim.pid}`.execute(open.db)
          await enter()
          await uploadMore(EACH / 2)
        }
        await until<Progress>(`${pick(alive).url}/api/progress`, (now) => now.photos === photos && now.due === 0, 300_000)
        for (const { url } of alive) await until<Progress>(`${url}/api/progress`, (now) => now.done === photos)
        // no photo was done by two: the log says each step once
        const done = all.map((program) => [...program.output().matchAll(/"photo_id":(\d+),"step":"hash"/g)].map(([, id]) => id))
        expect(done.filter((ids) => ids.length > 0).length).toBeGreaterThan(1)
        const inAll = done.flat()
        expect(inAll.length - new Set(inAll).size).toBe(0)

        // what only one may do has one holder, who is alive: soon after the last one was killed
        const holder = () =>
          sql<{ is_alive: boolean }>`select exists (select 1 from processes p where p.id = owner and p.until > now()) as is_alive
            from task_leases where name = 'people'`.execute(open.db)
        await expect.poll(async () => (await holder()).rows, { timeout: 120_000 }).toEqual([{ is_alive: true }])
        expect(await open.db.selectFrom('photo_leases').select('photo_id').where('owner', 'is not', null).execute()).toEqual([])
        const [kept, ...others] = alive as [Program, ...Program[]]
        for (const program of others) expect(await program.stop('SIGTERM')).toBe(0)
        await expectWhole(kept, photos, fresh.url)
        expect(await open.db.selectFrom('processes').select('id').where('until', '>', new Date()).execute()).toEqual([])
      } finally {
        for (const program of all) await program[Symbol.asyncDispose]()
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
      // the API process says what the worker does, by the worker's last heartbeat
      const report = () => askJson<TasksReport>(`${api.url}/api/tasks`)
      const doer = async (name: string) => {
        const { processes: all, tasks } = await report()
        return tasks.filter((task) => task.name === name).map(({ process }) => all.find(({ id }) => id === process)?.roles)
      }
      await expect.poll(() => doer('tags')).toEqual(['worker'])
      await expect.poll(() => doer('heartbeat')).toEqual(['api', 'worker'])
      expect((await report()).tasks.find(({ name }) => name === 'lane analyse')).toMatchObject({ due: 0, seconds_left: 0 })
      expect(JSON.parse(await runProgram(['tasks', '--json'], dataDir))).toMatchObject({
        processes: [{ roles: 'api' }, { roles: 'worker' }],
      })
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
