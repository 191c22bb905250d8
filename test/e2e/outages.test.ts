/** @file Outages of the disk under the running program: nothing fails for them, nothing is lost, all goes on by itself. More kinds: `outages.long.test.ts`. */
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Health, Progress } from '../../src/contract/library.ts'
import { TEST_POSTGRES } from '../support/database.ts'
import { ask, expectWhole, newDataDir, tryUpload, untilReady, untilWorking, uploadPictures } from '../support/outages.ts'
import { startProgram, until } from '../support/program.ts'
import { fillDisk, mountDisk } from '../support/small-disk.ts'

describe.skipIf(TEST_POSTGRES)('a disk', () => {
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
})

describe.skipIf(TEST_POSTGRES)('a data folder that is moved away', () => {
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
})
