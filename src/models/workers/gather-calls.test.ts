import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { gatherCalls } from './gather-calls.ts'

/** A model that doubles numbers and notes which went in together; 13 breaks the whole run. */
function makeModel() {
  const runs: number[][] = []
  const run = async (inputs: readonly number[]) => {
    runs.push([...inputs])
    await turn()
    if (inputs.includes(13)) throw new Error('no 13 here')
    return inputs.map((input) => input * 2)
  }
  return { runs, run }
}

describe('calls gathered into runs', () => {
  it('begins at once, and puts what comes meanwhile into the next runs', async () => {
    const { runs, run } = makeModel()
    const ask = gatherCalls(3, run)
    await expect(Promise.all([1, 2, 3, 4, 5].map((input) => ask(input)))).resolves.toEqual([2, 4, 6, 8, 10])
    expect(runs).toEqual([[1], [2, 3, 4], [5]])
  })

  it('runs each by itself where more at once do not pay', async () => {
    const { runs, run } = makeModel()
    const ask = gatherCalls(1, run)
    await Promise.all([1, 2, 3].map((input) => ask(input)))
    expect(runs).toEqual([[1], [2], [3]])
  })

  it('lets a picture that breaks a run fail alone', async () => {
    const { run } = makeModel()
    const ask = gatherCalls(4, run)
    const ends = await Promise.allSettled([1, 2, 13, 4].map((input) => ask(input)))
    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : String(end.reason)))).toEqual([2, 4, 'Error: no 13 here', 8])
  })

  it('leaves out what was aborted while it waited', async () => {
    const { runs, run } = makeModel()
    const ask = gatherCalls(4, run)
    const stop = new AbortController()
    const calls = [ask(1), ask(2, stop.signal), ask(3)]
    stop.abort(new Error('stopped'))
    const ends = await Promise.allSettled(calls)
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(runs).toEqual([[1], [3]])
    await expect(ask(4, stop.signal)).rejects.toThrow('stopped')
  })
})
