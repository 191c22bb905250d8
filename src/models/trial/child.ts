/** @file The trial process: loads a model nobody has run before. If it takes the process with it, only the trial ends. Forked by `run-trial.ts`. */
import { describeError, FototecaError } from '../../domain/errors.ts'
import { TASKS } from '../tasks.ts'
import type { TrialAnswer, TrialRequest, TrialResult } from './protocol.ts'

/** More threads must pay: analysis has other work for the cores. */
const WORTH_IT = 0.9

async function tryAll({ task, folder, runtimes }: TrialRequest): Promise<TrialResult> {
  let best: TrialResult | undefined
  for (const runtime of runtimes) {
    const tried = await TASKS[task].tryOut(folder, runtime, new AbortController().signal)
    if (!best || tried.msPerPicture < best.msPerPicture * WORTH_IT) best = { ...tried, runtime }
  }
  if (!best) throw new FototecaError('internal', 'a trial without a way to run the model')
  return best
}

process.once('message', (request: TrialRequest) => {
  tryAll(request).then(
    (result) => answer({ result }),
    (error: unknown) =>
      answer({ error: { code: error instanceof FototecaError ? error.code : 'model_failed', message: describeError(error) } }),
  )
})
// the library is gone: nobody waits for an answer
process.on('disconnect', () => process.exit(0))

function answer(message: TrialAnswer): void {
  process.send?.(message, () => process.exit(0))
}
