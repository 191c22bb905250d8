/**
 * @file Before the page tests: builds the page, as `npm start` does, and starts and stops the program once.
 * The data folder this leaves is what the tests begin with: making a database anew takes each start seconds.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPage } from '../support/build-page.ts'
import { makeDataDir, startProgram } from '../support/program.ts'

export async function setup(): Promise<() => Promise<void>> {
  buildPage()
  // the program makes the folder itself, as on its first start anywhere
  const parent = await makeDataDir('')
  const template = join(parent, 'data')
  const program = await startProgram({ dataDir: template })
  const ended = await program.stop('SIGTERM')
  if (ended !== 0) throw new Error(`the program did not end in good order (${ended}):\n${program.output()}`)
  process.env.FOTOTECA_TEST_TEMPLATE = template
  // test processes are ended with their browsers running, and whatever these have there
  const temporary = await mkdtemp(join(tmpdir(), 'fototeca-e2e-'))
  process.env.TMPDIR = temporary
  return async () => {
    for (const folder of [parent, temporary]) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}
