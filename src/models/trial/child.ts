/** @file The trial process: loads a model nobody has run before. If it takes the process with it, only the trial ends. Forked by `run-trial.ts`. */
import { describeError, FototecaError } from '../../domain/errors.ts'
import { TASKS } from '../tasks.ts'
import { chooseBatch } from './choose-batch.ts'
import type { TrialAnswer, TrialRequest, TrialResult } from './protocol.ts'

/** More threads, or more pictures in a run, must pay: analysis has other work for the cores and the memory. */
const WORTH_IT = 0.9

async function tryAll({ task, folder, runtimes }: TrialRequest): Promise<TrialResult> {
  const { signal } = new AbortController()
  let best: TrialResult | undefined
  for (const runtime of runtimes) {
    const tried = await TASKS[task].tryOut(folder, runtime, signal, best)
    if (tried && (!best || tried.msPerPicture < best.msPerPicture * WORTH_IT)) best = { ...tried, runtime: { ...runtime, batch: 1 } }
  }
  if (!best) throw new FototecaError('internal', 'a trial without a way to run the model')
  answer({ soFar: best })
  const tryBatch = async (batch: number): Promise<TrialResult | null> => {
    const runtime = { ...best.runtime, batch }
    const tried = await TASKS[task].tryOut(folder, runtime, signal, best)
    return tried && { ...tried, runtime }
  }
  return chooseBatch(best, TASKS[task].maxBatch, WORTH_IT, tryBatch, (soFar) => answer({ soFar }))
}

process.once('message', (request: TrialRequest) => {
  tryAll(request).then(
    (result) => answer({ result }, exit),
    (error: unknown) =>
      answer({ error: { code: error instanceof FototecaError ? error.code : 'model_failed', message: describeError(error) } }, exit),
  )
})
// the library is gone: nobody waits for an answer
process.on('disconnect', () => process.exit(0))

function answer(message: TrialAnswer, sent: () => void = () => {}): void {
  process.send?.(message, sent)
}

function exit(): void {
  process.exit(0)
}
