/** @file kill -9 while a backup is made, and while one is restored, at every moment. */
import { cpSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { refuseHalfRestored } from '../../../src/backup/half-restored.ts'
import { openPlaceToRead } from '../../../src/backup/place.ts'
import { listSnapshots } from '../../../src/backup/snapshot.ts'
import { openDatabase } from '../../../src/db/client.ts'
import { backUp, fillLibrary, readRows } from '../../support/backup.ts'
import { startChild } from '../../support/child.ts'
import { createServerDatabase, openTestDatabase, TEST_POSTGRES } from '../../support/database.ts'
import { NEEDS_EMBEDDED } from '../../support/skip-reasons.ts'
import { testFolder } from '../../support/test-folder.ts'

const CHILD = join(import.meta.dirname, 'children/run.ts')
let folder: string
let target: string
let dataDir: string
let rows: Awaited<ReturnType<typeof readRows>>

beforeAll(async () => {
  folder = await mkdtemp(join(testFolder(), 'fototeca-test-kill-'))
  target = join(folder, 'to')
  dataDir = join(folder, 'data')
  const library = await openTestDatabase({ isOwn: true })
  await fillLibrary(library, join(folder, 'photos'), 6)
  rows = await readRows(library.db)
  if (TEST_POSTGRES === undefined) {
    await using _closed = { [Symbol.asyncDispose]: () => rm(library.dataDir, { recursive: true, force: true }) }
    await library.db.destroy()
    cpSync(library.dataDir, dataDir, { recursive: true })
  } else {
    // of a server nothing is killed that matters here: the backup is made, the restore is killed
    await backUp(library, target)
    await library[Symbol.asyncDispose]()
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const holdsFile = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])).some((entry) => entry.isFile())
const listFinished = async () => {
  await using place = await openPlaceToRead(target, { dataDir, stores: undefined, productProfile: 'jewelry' })
  return (await listSnapshots(place)).finished
}

it.skipIf(TEST_POSTGRES !== undefined)(
  'a backup that is killed counts for nothing, and the next goes on where it was',
  { meta: NEEDS_EMBEDDED },
  async () => {
    const run = (phase = '-', at = '1') => startChild(CHILD, ['backup', target, dataDir, '-', phase, at])
    // while the tables are read, and while they are written to the target
    for (const place of [join(dataDir, 'backup-work'), join(target, 'snapshots')]) {
      const dying = run()
      while (!(await holdsFile(place))) await nextTurn()
      await dying.kill()
      expect(await listFinished()).toEqual([])
    }
    for (const [phase, at] of [
      ['files', '3'],
      ['check', '1'],
    ] as const) {
      expect(await run(phase, at).ended).toBeNull()
      expect(await listFinished()).toEqual([])
    }
    const done = run()
    const { written, files, name } = JSON.parse(await done.waitFor((line) => line.startsWith('{')))
    expect(await done.ended).toBe(0)
    // all lay there already: killed before the manifest, after the last file
    expect({ written, files }).toEqual({ written: 0, files: 8 })
    expect(await readdir(join(target, 'snapshots'))).toEqual([name])
    // the older one goes when the newer is finished, not before
    expect(await run('retention').ended).toBeNull()
    expect(await listFinished()).toHaveLength(2)
  },
)

it('a restore that is killed is refused to anybody else, and the next goes on where it was', async () => {
  await using server =
    TEST_POSTGRES === undefined
      ? null
      : await createServerDatabase(TEST_POSTGRES).then((made) => ({ ...made, [Symbol.asyncDispose]: made.drop }))
  const to = join(folder, 'restored')
  await mkdir(to)
  const run = (phase = '-', at = '1') => startChild(CHILD, ['restore', target, to, server?.url ?? '-', phase, at])
  for (const [phase, at] of [
    ['fetch', '3'],
    ['files', '3'],
    ['database', '4'],
  ] as const) {
    expect(await run(phase, at).ended).toBeNull()
    await expect(refuseHalfRestored(to)).rejects.toThrow(`go on with \`fototeca restore ${target} --snapshot`)
  }
  const done = run()
  expect(JSON.parse(await done.waitFor((line) => line.startsWith('{')))).toMatchObject({ photos: 7, files: 8, damaged: [] })
  expect(await done.ended).toBe(0)
  await refuseHalfRestored(to)
  await using open = await openDatabase({ dataDir: to, databaseUrl: server?.url })
  expect(await readRows(open.db)).toEqual(rows)
})
