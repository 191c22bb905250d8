/** @file The trial process: loads a model nobody has run before. If it takes the process with it, only the trial ends. Forked by `run-trial.ts`. */
import { describeError, FototecaError } from '../../domain/errors.ts'
import { TASKS } from '../tasks.ts'
import type { TrialAnswer, TrialRequest, TrialResult } from './protocol.ts'

/** More threads, or more pictures in a run, must pay: analysis has other work for the cores and the memory. */
const WORTH_IT = 0.9

async function tryAll({ task, folder, runtimes }: TrialRequest): Promise<TrialResult> {
  const { signal } = new AbortController()
  let best: TrialResult | undefined
  for (const runtime of runtimes) {
    const tried = await TASKS[task].tryOut(folder, runtime, signal)
    if (tried && (!best || tried.msPerPicture < best.msPerPicture * WORTH_IT)) best = { ...tried, runtime: { ...runtime, batch: 1 } }
  }
  if (!best) throw new FototecaError('internal', 'a trial without a way to run the model')
  return tryBatches({ task, folder }, best, signal)
}

async function tryBatches({ task, folder }: Omit<TrialRequest, 'runtimes'>, alone: TrialResult, signal: AbortSignal): Promise<TrialResult> {
  let best = alone
  for (const batch of TASKS[task].batches) {
    const tried = await TASKS[task].tryOut(folder, { ...best.runtime, batch }, signal)
    if (!tried) break
    if (tried.msPerPicture >= best.msPerPicture * WORTH_IT) continue
    // in turns, because it is kept for long: what looked faster may only have met a quieter moment
    const before = await TASKS[task].tryOut(folder, best.runtime, signal)
    const again = await TASKS[task].tryOut(folder, { ...best.runtime, batch }, signal)
    if (before && again && again.msPerPicture < before.msPerPicture * WORTH_IT) best = { ...again, runtime: { ...best.runtime, batch } }
  }
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
