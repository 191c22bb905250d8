/** @file Memory of a process and all it started that no file stands behind: what it allocated. Cheap enough to look at it forty times a second. */
import { readdirSync, readFileSync } from 'node:fs'

const PAGE = 4096
const LOOK_MS = 25

/** Bytes; 0 for a process that has ended. Linux only. */
export function readTreeHeld(pid: number): number {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number)
    const threads = readdirSync(`/proc/${pid}/task`)
    const children = threads.flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean))
    return children.reduce((sum, child) => sum + readTreeHeld(Number(child)), (resident - shared) * PAGE)
  } catch {
    return 0
  }
}

/** The most that was held while `work` went on. */
export async function watchTree<T>(pid: number, work: () => Promise<T>): Promise<{ readonly result: T; readonly peak: number }> {
  let peak = readTreeHeld(pid)
  const timer = setInterval(() => {
    peak = Math.max(peak, readTreeHeld(pid))
  }, LOOK_MS)
  try {
    const result = await work()
    return { result, peak }
  } finally {
    clearInterval(timer)
  }
}
