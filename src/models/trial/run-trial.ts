/** @file Tries a model in a process of its own before it is recorded as installed: an export that does not run is found once, not at every photo. */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Device } from '../../config/device.ts'
import type { ModelTask } from '../../contract/words.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { TrialAnswer, TrialRequest, TrialResult } from './protocol.ts'

/** The largest model of the catalogue loads and runs in well under a minute from a slow disk. */
const LIMIT_MS = 10 * 60_000

/**
 * Loads and runs the model, measuring how many threads, and then how many pictures in a run, serve it best here.
 * Where too many pictures end its process, what was measured before is the answer.
 * @throws FototecaError `invalid` or `model_failed` naming the file; also when loading it ends the process or takes for ever
 * @param program tests: another one than tries models
 */
export function runTrial(
  task: ModelTask,
  folder: string,
  device: Device,
  signal: AbortSignal,
  program: URL = new URL('./child.ts', import.meta.url),
): Promise<TrialResult> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = fork(program, {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let lastWords = ''
    let soFar: TrialResult | undefined
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = chunk.toString().trim().slice(-300)
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    const onAbort = () => child.kill('SIGKILL')
    signal.addEventListener('abort', onAbort, { once: true })
    const settle = (end: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      child.removeAllListeners()
      if (child.connected) child.disconnect()
      end()
    }
    child.on('message', (answer: TrialAnswer) => {
      if ('soFar' in answer) soFar = answer.soFar
      else settle(() => ('result' in answer ? resolve(answer.result) : reject(new FototecaError(answer.error.code, answer.error.message))))
    })
    child.once('error', (error) =>
      settle(() => reject(new FototecaError('unavailable', `no process to try ${folder} in: ${error.message}`, { cause: error }))),
    )
    child.once('exit', (code, killedBy) =>
      settle(() => {
        if (signal.aborted) return reject(signal.reason)
        // one picture at a time works; it was more of them that took the memory, or the time
        if (soFar) return resolve(soFar)
        reject(
          new FototecaError(
            'model_failed',
            `trying the model in ${folder} ended its process (${killedBy ?? `exit code ${code}`}); it is not used. ${lastWords}`.trim(),
          ),
        )
      }),
    )
    child.send({ task, folder, runtimes: listRuntimes(device) } satisfies TrialRequest)
  })
}

/** 1, 2, 4 … threads up to the cores there are. */
function listRuntimes(device: Device): TrialRequest['runtimes'] {
  const cores = availableParallelism()
  const counts = [1, 2, 4, 8, 16].filter((threads) => threads <= cores)
  return counts.map((threads) => ({ device, threads }))
}
