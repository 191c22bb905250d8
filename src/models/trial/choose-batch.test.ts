import { describe, expect, it } from 'vitest'
import { chooseBatch } from './choose-batch.ts'

/** A device on which a run of so many pictures takes so long; null where it has no memory for them. */
async function chooseOn(runMs: (batch: number) => number | null, maxBatch = 64) {
  const tried: number[] = []
  const told: number[] = []
  const tryOut = async (batch: number) => {
    tried.push(batch)
    const ms = runMs(batch)
    return ms === null ? null : { batch, msPerPicture: ms / batch }
  }
  const alone = { batch: 1, msPerPicture: runMs(1) as number }
  const { batch } = await chooseBatch(alone, maxBatch, 0.9, tryOut, (better) => told.push(better.batch))
  return { batch, largest: Math.max(...tried), told }
}

describe('pictures in a run', () => {
  it('are doubled as long as that pays, up to the most there can be', async () => {
    expect(await chooseOn((batch) => 10 + batch)).toEqual({ batch: 64, largest: 64, told: [2, 4, 8, 16, 32, 64] })
    expect(await chooseOn((batch) => 10 + batch, 16)).toMatchObject({ batch: 16, largest: 16 })
    expect(await chooseOn((batch) => 2 + batch)).toMatchObject({ batch: 32, largest: 64 })
  })

  it('stay at one where more do not pay, which two tries tell', async () => {
    expect(await chooseOn((batch) => 10 * batch)).toEqual({ batch: 1, largest: 4, told: [] })
    expect(await chooseOn((batch) => 10 * batch, 1)).toMatchObject({ batch: 1 })
  })

  it('go past one size that does not suit the device', async () => {
    expect(await chooseOn((batch) => (batch === 4 ? 80 : 10 + batch))).toMatchObject({ batch: 64 })
  })

  it('end where memory ends, with the largest that ran', async () => {
    expect(await chooseOn((batch) => (batch > 8 ? null : 10 + batch))).toEqual({ batch: 8, largest: 16, told: [2, 4, 8] })
  })

  it('are not chosen by a quiet moment: the second comparison counts', async () => {
    let runs = 0
    expect(await chooseOn((batch) => (batch === 2 && runs++ === 0 ? 2 : 10 * batch))).toMatchObject({ batch: 1, told: [] })
  })
})
