/**
 * @file Child of a test, recorded by `record-disk.ts`: uploads pictures, saves what steps found, looks through a folder twice, and notes each
 * answer. Ends by being killed.
 */
import { createHash } from 'node:crypto'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { STEP_NAMES } from '../../../../src/contract/words.ts'
import { openDatabase } from '../../../../src/db/client.ts'
import { silentLog } from '../../../../src/domain/log.ts'
import { insertDueSteps } from '../../../../src/pipeline/ledger.ts'
import { saveOutcomes } from '../../../../src/pipeline/save-outcomes.ts'
import { DuplicateIndex } from '../../../../src/pipeline/steps/duplicates/duplicate-index.ts'
import { createSteps } from '../../../../src/pipeline/steps.ts'
import { openTestIngest, pictureBytes, streamOf } from '../../../support/ingest.ts'
import { recordNote } from '../../../support/record-disk.ts'

const [dataDir = '', pictures = ''] = process.argv.slice(2)
const steps = createSteps({ thumbnailSize: 400, duplicates: { index: new DuplicateIndex(), threshold: 8 } })
const { db } = await openDatabase({ dataDir })
const ingest = await openTestIngest(db, dataDir, {
  onNewPhoto: (trx, photoId) =>
    insertDueSteps(
      trx,
      photoId,
      STEP_NAMES.map((name) => steps[name]),
    ),
})

async function upload(content: string): Promise<number> {
  const { id } = await ingest.upload(streamOf(pictureBytes(content)), `${content.slice(0, 5)}.jpg`)
  recordNote({ uploaded: createHash('sha256').update(pictureBytes(content)).digest('hex') })
  return id
}
async function save(photoId: number): Promise<void> {
  const common = { state: 'done', modelId: null, durationMs: 1 } as const
  await saveOutcomes({ db, steps, log: silentLog }, photoId, [
    { step: 'hash', attempts: 1, outcome: { ...common, result: { pdq: new Uint8Array(32), quality: 90, dihedral: new Uint8Array(256) } } },
    { step: 'colours', attempts: 1, outcome: { ...common, result: [{ name: 'red', hex: '#ff0000', share: 1 }] } },
  ])
  recordNote({ saved: photoId })
}

await save(await upload('first'))
await upload('first') // known already
await sql`checkpoint`.execute(db)
const second = await upload('second') // one after another: every record is the same
await save(second)
await upload('third')
await upload(`large ${'x'.repeat(50_000)}`)
const { id: folder } = await ingest.addFolder(pictures)
recordNote({ scanned: (await ingest.scan(folder)).added })
renameSync(join(pictures, 'old-name.jpg'), join(pictures, 'new-name.jpg'))
await ingest.scan(folder)
recordNote({ moved: 'new-name.jpg' })
console.log('done')
setInterval(() => {}, 1000)
