import { describe, expect, it } from 'vitest'
import { createConcurrencyLimiter } from './concurrency-limiter.ts'

/** one that asks from its own address */
let clients = 0
const someone = () => `client ${clients++}`

describe('createConcurrencyLimiter', () => {
  it('runs so many, keeps so many waiting in their order, and refuses the rest', async () => {
    const limiter = createConcurrencyLimiter({ running: 1, waiting: 2 })
    const first = await limiter.enter(someone())
    const order: string[] = []
    const second = limiter.enter(someone()).then((place) => {
      order.push('second')
      return place
    })
    const third = limiter.enter(someone()).then((place) => {
      order.push('third')
      return place
    })
    await expect(limiter.enter(someone())).rejects.toMatchObject({ code: 'too_many', status: 429 })
    expect(order).toEqual([])
    first[Symbol.dispose]()
    first[Symbol.dispose]() // giving a place back twice frees one only
    ;(await second)[Symbol.dispose]()
    ;(await third)[Symbol.dispose]()
    expect(order).toEqual(['second', 'third'])
    ;(await limiter.enter(someone()))[Symbol.dispose]()
  })

  it('forgets a caller that left while it waited, or before', async () => {
    const limiter = createConcurrencyLimiter({ running: 1, waiting: 1 })
    const first = await limiter.enter(someone())
    const controller = new AbortController()
    const gone = limiter.enter(someone(), controller.signal)
    controller.abort(new Error('gone'))
    await expect(gone).rejects.toThrow('gone')
    const next = limiter.enter(someone())
    first[Symbol.dispose]()
    ;(await next)[Symbol.dispose]()
    await expect(limiter.enter(someone(), controller.signal)).rejects.toThrow('gone')
    await expect(limiter.enter(someone())).resolves.toBeDefined()
  })

  it('leaves a quarter of the places, running and waiting, to others than the client that takes most', async () => {
    const limiter = createConcurrencyLimiter({ running: 4, waiting: 4 })
    const greedy = await Promise.all([1, 2, 3].map(() => limiter.enter('greedy')))
    const waiting = [1, 2, 3].map(() => limiter.enter('greedy'))
    await expect(limiter.enter('greedy')).rejects.toMatchObject({ code: 'too_many' })
    const other = await limiter.enter('other')
    const behind = limiter.enter('other')
    other[Symbol.dispose]() // goes to the other client, although the greedy one has waited longer
    ;(await behind)[Symbol.dispose]()
    greedy[0]?.[Symbol.dispose]()
    await expect(waiting[0]).resolves.toBeDefined()
  })

  it('says when all that wait have had their turn, from how long requests take', async () => {
    let now = 0
    const limiter = createConcurrencyLimiter({ running: 2, waiting: 4 }, () => now)
    for (let request = 0; request < 40; request++) {
      const place = await limiter.enter(someone())
      now += 10_000
      place[Symbol.dispose]()
    }
    for (let request = 0; request < 6; request++) void limiter.enter(someone())
    await expect(limiter.enter(someone())).rejects.toMatchObject({ retryAfter: 25 }) // five turns of 10 s in two places
    now += 30_000 // those that run take longer than usual
    await expect(limiter.enter(someone())).rejects.toMatchObject({ retryAfter: 75 })
  })
})
