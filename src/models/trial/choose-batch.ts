/** @file How many pictures in a run serve a model best here: twice as many as long as that pays. */

interface Timed {
  readonly msPerPicture: number
}

/** Sizes in a row that did not pay, after which no larger one is tried: one alone may be a size that does not suit the device. */
const ENOUGH_MISSES = 2

/**
 * On a processor two tries end it; a GPU goes on to what it has room for.
 * @param alone as measured with one picture in a run
 * @param worthIt share of the time of before that a larger run must stay below, per picture
 * @param tryOut with 1, as before; null where the model cannot take so many, or there is no memory for them: nothing larger is tried
 * @param onBetter told each time more pictures turned out to pay
 */
export async function chooseBatch<Result extends Timed>(
  alone: Result,
  maxBatch: number,
  worthIt: number,
  tryOut: (batch: number) => Promise<Result | null>,
  onBetter: (result: Result) => void = () => {},
): Promise<Result> {
  let best = alone
  let bestBatch = 1
  let misses = 0
  const pays = (tried: Result, before: Result | null): boolean => before !== null && tried.msPerPicture < before.msPerPicture * worthIt
  for (let batch = 2; batch <= maxBatch && misses < ENOUGH_MISSES; batch *= 2) {
    const tried = await tryOut(batch)
    if (tried === null) break
    misses++
    if (!pays(tried, best)) continue
    // in turns, because it is kept for long: what looked faster may only have met a quieter moment
    const before = await tryOut(bestBatch)
    const again = await tryOut(batch)
    if (again === null || !pays(again, before)) continue
    best = again
    bestBatch = batch
    misses = 0
    onBetter(best)
  }
  return best
}
