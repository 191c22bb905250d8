import { describe, expect, it } from 'vitest'
import { keepKnown, keepRead } from './keep-read.ts'

describe('keepRead', () => {
  it('keeps an answer twenty times as long as it took', async () => {
    let clock = 0
    let reads = 0
    const read = keepRead(
      async () => {
        reads += 1
        clock += 10
        return reads
      },
      () => clock,
    )
    expect(await read()).toBe(1)
    clock += 199
    expect(await read()).toBe(1)
    clock += 1
    expect(await read()).toBe(2)
  })

  it('shares a running read, and keeps no failure', async () => {
    let reads = 0
    const read = keepRead(async () => {
      reads += 1
      if (reads === 1) throw new Error('down')
      return reads
    })
    await expect(Promise.allSettled([read(), read()])).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    expect(reads).toBe(1)
    expect(await read()).toBe(2)
  })
})

describe('keepKnown', () => {
  it('asks again only for what was not found', async () => {
    const asked: number[] = []
    const read = keepKnown(async (id) => {
      asked.push(id)
      return id === 1 ? 'one' : undefined
    })
    expect([await read(1), await read(1), await read(2), await read(2)]).toEqual(['one', 'one', undefined, undefined])
    expect(asked).toEqual([1, 2, 2])
  })
})
