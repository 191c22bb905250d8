/** @file The trial of a model: what ends it, and what is kept of it then. */
import { expect, it } from 'vitest'
import { runTrial } from '../../../src/models/trial/run-trial.ts'

const ENDING = new URL('./children/ending-trial.ts', import.meta.url)
const { signal } = new AbortController()

it('keeps what was measured when more pictures in a run end the process', async () => {
  expect(await runTrial('embedding', '1', 'cpu', signal, ENDING)).toMatchObject({ msPerPicture: 10, runtime: { batch: 1 } })
  expect(await runTrial('embedding', '1,2,4', 'cpu', signal, ENDING)).toMatchObject({ msPerPicture: 2.5, runtime: { batch: 4 } })
})

it('refuses a model that ends the process with one picture', async () => {
  await expect(runTrial('embedding', '', 'cpu', signal, ENDING)).rejects.toMatchObject({
    code: 'model_failed',
    message: expect.stringContaining('ended its process (SIGKILL); it is not used'),
  })
})
