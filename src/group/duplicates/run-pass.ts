/** @file Runs heavy work over all pairs in a worker thread of its own, which ends with it. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Duplicate } from '../../pipeline/steps/duplicates/find-duplicates.ts'
import type { DuplicateSet, Pair } from './build-sets.ts'

export type PassRequest =
  | {
      readonly do: 'compare'
      readonly ids: Int32Array
      /** [n × 256] bytes: eight turns of 32 */
      readonly hashes: Uint8Array
      readonly threshold: number
    }
  | { readonly do: 'build'; readonly pairs: readonly Pair[]; readonly photos: readonly number[] }

export interface PassAnswer {
  readonly pairs?: readonly Duplicate[]
  readonly sets?: readonly DuplicateSet[]
}

/** @throws what the thread threw; the reason of `signal` when it is aborted */
export async function runPass(request: PassRequest, signal: AbortSignal): Promise<PassAnswer> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./set-worker.ts', import.meta.url), { workerData: request })
  try {
    const [answer] = (await once(worker, 'message', { signal })) as [PassAnswer]
    return answer
  } finally {
    await worker.terminate()
  }
}
