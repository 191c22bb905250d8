/** @file Watches the memory of a process and all it started from a thread of its own, so that the watching does not disturb what is measured. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { readTreeMemory, type TreeMemory } from './process-memory.ts'

/** A look costs 40 ms of a core at 1.4 GB. */
const SAMPLE_MS = 1000

export interface MemorySampler extends AsyncDisposable {
  /** the most seen since the last call */
  takePeak(): TreeMemory
}

export function startMemorySampler(pid: number): MemorySampler {
  const worker = new Worker(new URL(import.meta.url), { workerData: { pid } })
  let [pss, rss] = [0, 0]
  worker.on('message', (now: TreeMemory) => {
    pss = Math.max(pss, now.pss)
    rss = Math.max(rss, now.rss)
  })
  return {
    takePeak: () => {
      const peak = { pss, rss }
      pss = 0
      rss = 0
      return peak
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate()
    },
  }
}

if (!isMainThread) setInterval(() => parentPort?.postMessage(readTreeMemory((workerData as { pid: number }).pid)), SAMPLE_MS)
