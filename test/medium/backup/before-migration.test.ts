import { cpSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { copyBeforeMigration } from '../../../src/backup/before-migration.ts'
import { openPlaceToRead } from '../../../src/backup/place.ts'
import { listSnapshots } from '../../../src/backup/snapshot.ts'
import { openDatabase } from '../../../src/db/client.ts'
import { MIGRATIONS, migrateTo, migrateToLatest } from '../../../src/db/migrate.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { bringBack } from '../../support/backup.ts'
import { startChild } from '../../support/child.ts'
import { createServerDatabase, TEST_POSTGRES } from '../../support/database.ts'
import { IS_LONG, NEEDS_LONG } from '../../support/long.ts'
import { testFolder } from '../../support/test-folder.ts'

/** Before the migration that gives sources columns of links and pauses. */
const OLDER = Object.keys(MIGRATIONS).filter((name) => name < '0040')
/** made once: a new embedded database takes seconds */
let older: string
let dataDir: string
beforeAll(async () => {
  older = await mkdtemp(join(testFolder(), 'fototeca-test-older-'))
  if (TEST_POSTGRES !== undefined) return
  await using open = await openDatabase({ dataDir: older })
  await migrateTo(open.db, OLDER)
})
afterAll(() => rm(older, { recursive: true, force: true }))
beforeEach(async () => {
  dataDir = await mkdtemp(join(testFolder(), 'fototeca-test-migrate-'))
  cpSync(older, dataDir, { recursive: true })
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

it('copies the tables before a migration, twice at most, lets a killed one be done again, and takes an older schema back', async () => {
  const server = TEST_POSTGRES === undefined ? null : await createServerDatabase(TEST_POSTGRES)
  const databaseUrl = server?.url
  const copies = join(dataDir, 'before-migration')
  let told = 0
  const log = { ...silentLog, info: () => void told++ }
  {
    await using open = await openDatabase({ dataDir, databaseUrl })
    const beforeChange = () => copyBeforeMigration({ open, dataDir, minFreeBytes: 0, log })
    await migrateTo(open.db, OLDER)
    await open.db.insertInto('settings').values({ key: 'mine', value: '"kept"' }).execute()
    // no room: nothing is changed, and it is said how to go on
    const noRoom = () => copyBeforeMigration({ open, dataDir, minFreeBytes: Number.MAX_SAFE_INTEGER, log })
    await expect(migrateToLatest(open.db, { beforeChange: noRoom })).rejects.toThrow('FOTOTECA_COPY_BEFORE_MIGRATION=off')
    const columns = async () =>
      (await open.db.introspection.getTables()).find(({ name }) => name === 'sources')!.columns.map(({ name }) => name)
    expect(await columns()).not.toContain('paused_at')
    for (let n = 0; n < 2; n++) await beforeChange()
    await migrateToLatest(open.db, { beforeChange })
    expect(await columns()).toContain('paused_at')
    await migrateToLatest(open.db, { beforeChange })
    expect(told).toBe(3) // none where there is nothing to do
    await open.db.updateTable('settings').set({ value: '"changed"' }).where('key', '=', 'mine').execute()
  }
  await using place = await openPlaceToRead(copies, { dataDir, stores: undefined, productProfile: 'jewelry' })
  expect((await listSnapshots(place)).finished).toHaveLength(2)

  // back, as the manual says: the folder pg is moved away, the files stay
  await mkdir(join(dataDir, 'originals'))
  const second = server === null ? null : await createServerDatabase(TEST_POSTGRES ?? '')
  try {
    const to = { dataDir, databaseUrl: second?.url }
    if (second === null) {
      await expect(bringBack(copies, to)).rejects.toThrow('move its folder pg away first')
      await rm(join(dataDir, 'pg'), { recursive: true })
    }
    await bringBack(copies, to)
    expect(await readdir(dataDir)).toContain('originals')
    await using open = await openDatabase(to)
    expect(await open.db.selectFrom('settings').select('value').where('key', '=', 'mine').executeTakeFirst()).toEqual({ value: 'kept' })
    // migrated by this program
    expect(await open.db.selectFrom('sources').select(['kind', 'paused_at']).execute()).toEqual([{ kind: 'upload', paused_at: null }])
  } finally {
    await second?.drop()
    await server?.drop()
  }
})

it.runIf(IS_LONG && TEST_POSTGRES === undefined)(
  'a start that is killed while it migrates is done again at the next',
  { meta: NEEDS_LONG },
  async () => {
    for (const at of ['copy', 'migration', 'done']) {
      const child = startChild(join(import.meta.dirname, 'children/migrate.ts'), [dataDir, at])
      expect(await child.ended, at).toBe(at === 'done' ? 0 : null)
    }
    await using open = await openDatabase({ dataDir })
    expect(await open.db.selectFrom('sources').select('paused_at').execute()).toHaveLength(1)
    await using place = await openPlaceToRead(join(dataDir, 'before-migration'), { dataDir, stores: undefined, productProfile: 'jewelry' })
    // of the start that was killed in the middle of the migration, and of the last one; none of one killed in the middle of a copy
    expect(await listSnapshots(place)).toMatchObject({ finished: [expect.any(String), expect.any(String)], unfinished: [] })
  },
)
