/** @file Watches the memory of a process and all it started from a thread of its own, so that the watching does not disturb what is measured. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { readTreeMemory } from './process-memory.ts'

const SAMPLE_MS = 300

export interface MemorySampler extends AsyncDisposable {
  /** bytes at the last sample, and the most seen */
  read(): { now: number; peak: number }
}

export function startMemorySampler(pid: number): MemorySampler {
  const worker = new Worker(new URL(import.meta.url), { workerData: { pid } })
  let [now, peak] = [0, 0]
  worker.on('message', (bytes: number) => {
    now = bytes
    peak = Math.max(peak, bytes)
  })
  return {
    read: () => ({ now, peak }),
    [Symbol.asyncDispose]: async () => {
      await worker.terminate()
    },
  }
}

if (!isMainThread) setInterval(() => parentPort?.postMessage(readTreeMemory((workerData as { pid: number }).pid)), SAMPLE_MS)
