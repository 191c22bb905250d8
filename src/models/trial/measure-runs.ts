/** @file How long one warm run takes: the best of a few, because whatever else the computer does can only make a run slower. */

const RUNS = 3
/** Large models on small computers: one run is measurement enough. */
const ENOUGH_MS = 4000

/** @param run was run once before, so it is warm. @returns milliseconds */
export async function measureRuns(run: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  const startedAt = performance.now()
  for (let count = 0; count < RUNS; count++) {
    const before = performance.now()
    await run()
    best = Math.min(best, performance.now() - before)
    if (performance.now() - startedAt > ENOUGH_MS) break
  }
  return best
}
