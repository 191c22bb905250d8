import { describe, expect, it } from 'vitest'
import { createTurnstile } from './turnstile.ts'

describe('createTurnstile', () => {
  it('lets so many in, keeps so many waiting in their order, and turns the rest away', async () => {
    const turnstile = createTurnstile(1, 2)
    const first = await turnstile.enter()
    const order: string[] = []
    const second = turnstile.enter().then((place) => {
      order.push('second')
      return place
    })
    const third = turnstile.enter().then((place) => {
      order.push('third')
      return place
    })
    await expect(turnstile.enter()).rejects.toMatchObject({ code: 'too_many', status: 429 })
    expect(order).toEqual([])
    first[Symbol.dispose]()
    first[Symbol.dispose]() // leaving twice frees one place only
    ;(await second)[Symbol.dispose]()
    ;(await third)[Symbol.dispose]()
    expect(order).toEqual(['second', 'third'])
    ;(await turnstile.enter())[Symbol.dispose]()
  })

  it('forgets a caller that went away while waiting', async () => {
    const turnstile = createTurnstile(1, 1)
    const first = await turnstile.enter()
    const controller = new AbortController()
    const gone = turnstile.enter(controller.signal)
    controller.abort(new Error('gone'))
    await expect(gone).rejects.toThrow('gone')
    const next = turnstile.enter()
    first[Symbol.dispose]()
    await expect(next).resolves.toBeDefined()
  })
})
