/** @file Before and after the database tests: a folder for the databases that their workers keep from file to file, and what those are copied from. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureTemplate } from './database.ts'
import { testFolder } from './test-folder.ts'

export async function setup(): Promise<() => Promise<void>> {
  // here, because the first files of all workers would each make one
  await ensureTemplate()
  const folder = await mkdtemp(join(testFolder(), 'fototeca-test-kept-'))
  process.env.FOTOTECA_TEST_KEPT = folder
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
