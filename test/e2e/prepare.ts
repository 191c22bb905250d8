/**
 * @file Before the page tests: builds the page, as `npm start` does, and starts and stops the program once.
 * The data folder this leaves is what the tests begin with: making a database anew takes each start seconds.
 */
import { rm } from 'node:fs/promises'
import { buildPage } from '../support/build-page.ts'
import { makeDataDir, startProgram } from '../support/program.ts'

export async function setup(): Promise<() => Promise<void>> {
  buildPage()
  const template = await makeDataDir('')
  const program = await startProgram({ dataDir: template })
  const ended = await program.stop('SIGTERM')
  if (ended !== 0) throw new Error(`the program did not end in good order (${ended}):\n${program.output()}`)
  process.env.FOTOTECA_TEST_TEMPLATE = template
  return () => rm(template, { recursive: true, force: true, maxRetries: 5 })
}
