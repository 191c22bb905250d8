/** @file A scan of a folder of odd and broken files that others collected. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PHOTO_FORMATS } from '../../../src/contract/words.ts'
import { openTestDatabase } from '../../support/database.ts'
import { openTestIngest, readPhotos } from '../../support/ingest.ts'
import { dataPath, noData } from '../../support/shared.ts'

test.skipIf(noData)('every file of the formats folder ends as a photo, a failure with its reason, or ignored', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'fototeca-ingest-'))
  try {
    await using open = await openTestDatabase()
    await using ingest = await openTestIngest(open.db, dataDir, { limits: { maxBytes: 500_000_000, formats: PHOTO_FORMATS } })
    const { id } = await ingest.addFolder(dataPath('formats'))
    const report = await ingest.scan(id)
    expect(report.seen).toBe(report.added + report.failed + report.duplicates)
    const photos = await readPhotos(open.db)
    expect(photos.filter((photo) => photo.state === 'failed' && !photo.reason)).toEqual([])
    console.log(`formats: ${report.added} pictures, ${report.failed} failed, ${report.duplicates} duplicates, ${report.ignored} ignored`)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
})
