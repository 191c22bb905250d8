import { describe, expect, it } from 'vitest'
import type { CatalogueModel } from '../../contract/library.ts'
import { keepMeasured } from './keep-measured.ts'

const measured = { ms_per_picture: 10, threads: 1, batch: 1 } as CatalogueModel

describe('models measured again on another computer', () => {
  it('measures one after the other, waits while photos are analysed, and leaves alone what cannot be measured', async () => {
    const stop = new AbortController()
    const todo = new Set(['broken', 'good'])
    const asked: string[] = []
    let isBusy = true
    const events: unknown[] = []
    const work = keepMeasured({
      unmeasured: () => [...todo],
      measure: async (name) => {
        asked.push(name)
        if (name === 'broken') throw new Error('does not run')
        todo.delete(name)
        return measured
      },
      isBusy: () => isBusy,
      log: (level, event, facts) => events.push([level, event, facts.model]),
      signal: stop.signal,
      lookMs: 5,
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked).toEqual([])
    isBusy = false
    await expect.poll(() => asked).toEqual(['broken', 'good'])
    await expect
      .poll(() => events)
      .toEqual([
        ['warn', 'model.measured', 'broken'],
        ['info', 'model.measured', 'good'],
      ])
    stop.abort()
    await work
    expect(asked).toHaveLength(2)
  })
})
