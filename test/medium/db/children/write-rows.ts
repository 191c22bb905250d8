/** @file Child of a test: commits rows one after another and prints each key once it is answered. */
import { openDatabase } from '../../../../src/db/client.ts'
import { migrateToLatest } from '../../../../src/db/migrate.ts'

const [dataDir = '', prefix = ''] = process.argv.slice(2)
const open = await openDatabase({ dataDir })
await migrateToLatest(open.db)
for (let index = 0; ; index++) {
  const key = `${prefix}-${index}`
  await open.db.transaction().execute(async (trx) => {
    await trx.insertInto('settings').values({ key, value: '"x"' }).execute()
    await trx
      .updateTable('settings')
      .set({ value: JSON.stringify('y'.repeat(200)) })
      .where('key', '=', key)
      .execute()
  })
  console.log(key)
}
