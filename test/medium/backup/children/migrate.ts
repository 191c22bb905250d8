/**
 * @file Child of a test: starts on an older database as the program does, and ends itself by SIGKILL: while the copy is written, within the
 * transaction of the last migration, or not at all. Arguments: data folder; copy, migration or done.
 */
import { copyBeforeMigration } from '../../../../src/backup/before-migration.ts'
import { openDatabase } from '../../../../src/db/client.ts'
import { MIGRATIONS, migrateToLatest } from '../../../../src/db/migrate.ts'
import { silentLog } from '../../../../src/domain/log.ts'

const [dataDir = '', at] = process.argv.slice(2)
const die = () => void process.kill(process.pid, 'SIGKILL')
await using open = await openDatabase({ dataDir })
const last = Object.values(MIGRATIONS).at(-1)!
const { up } = last
if (at === 'migration')
  Object.assign(last, {
    up: async (db: Parameters<typeof up>[0]) => {
      await up(db)
      die()
      await new Promise(() => {})
    },
  })
if (at === 'copy') {
  const { watch } = await import('node:fs')
  const { mkdir } = await import('node:fs/promises')
  // the first table that lies in its place
  await mkdir(`${dataDir}/before-migration/.incoming`, { recursive: true })
  watch(`${dataDir}/before-migration`, { recursive: true }, (_, name) => {
    if (name?.includes('tables')) die()
  })
}
await migrateToLatest(open.db, { beforeChange: () => copyBeforeMigration({ open, dataDir, minFreeBytes: 0, log: silentLog }) })
