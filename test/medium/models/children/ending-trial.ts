/** @file Stands for the trial process: says what it measured so far (`folder` is a list of batches), then is killed as by the system that has no more memory. */
import type { TrialAnswer, TrialRequest } from '../../../../src/models/trial/protocol.ts'

process.once('message', async ({ folder, runtimes }: TrialRequest) => {
  for (const batch of folder.split(',').filter(Boolean).map(Number)) {
    const soFar = { width: 3, msPerPicture: 10 / batch, runtime: { device: 'cpu', ...runtimes[0], batch } } as const
    await new Promise<void>((resolve) => process.send?.({ soFar } satisfies TrialAnswer, () => resolve()))
  }
  process.kill(process.pid, 'SIGKILL')
})
