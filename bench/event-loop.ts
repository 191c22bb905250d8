/** @file How long the thread that calls it works between two turns of its event loop. Delays also count what other threads had the cores for. */

const LOOK_MS = 5

export interface LoopWatch extends Disposable {
  /** ms of processor time between two turns, at most: what the program itself held the loop for */
  readonly longestWorkMs: number
}

export function watchEventLoop(): LoopWatch {
  let longestWorkMs = 0
  let worked = workedMs()
  const timer = setInterval(() => {
    const total = workedMs()
    longestWorkMs = Math.max(longestWorkMs, total - worked)
    worked = total
  }, LOOK_MS)
  return {
    get longestWorkMs() {
      return longestWorkMs
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

function workedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
