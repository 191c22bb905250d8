/** @file Child of a test: uploads one picture after another, four at a time, and prints what was answered. */
import { openDatabase } from '../../../../src/db/client.ts'
import { migrateToLatest } from '../../../../src/db/migrate.ts'
import { openTestIngest, pictureBytes, streamOf } from '../../../support/ingest.ts'

const [dataDir = '', prefix = ''] = process.argv.slice(2)
const open = await openDatabase({ dataDir })
await migrateToLatest(open.db)
const ingest = await openTestIngest(open.db, dataDir)
for (let from = 0; ; from += 4) {
  await Promise.all(
    [0, 1, 2, 3].map(async (offset) => {
      const content = `${prefix}-${from + offset}`
      const { id } = await ingest.upload(streamOf(pictureBytes(content)), `${content}.jpg`)
      console.log(JSON.stringify({ content, id }))
    }),
  )
}
