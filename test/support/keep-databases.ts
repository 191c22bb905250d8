/** @file Before and after the database tests: a folder for the databases that their workers keep from file to file (`database.ts`). */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { testFolder } from './test-folder.ts'

export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(testFolder(), 'fototeca-test-kept-'))
  process.env.FOTOTECA_TEST_KEPT = folder
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
