import { describe, expect, it } from 'vitest'
import { Breaker } from './breaker.ts'

const pace = { firstPauseMs: 100, longestPauseMs: 350, configurationPauseMs: 1000 }

describe('Breaker', () => {
  it('waits no longer where the clock is set back, and tries at once where it is set ahead', () => {
    const breaker = new Breaker(pace)
    breaker.limited(1_000_000, 'too many', 200)
    expect(breaker.circuit(1_000_000 - 86_400_000)).toMatchObject({ state: 'open', untilMs: 1_000_200 - 86_400_000 })
    expect(breaker.room(1_000_200 - 86_400_000)).toBe(1)
    breaker.limited(1_000_000, 'too many', 200)
    expect(breaker.room(1_000_000 + 365 * 86_400_000)).toBe(1)
  })

  it('opens after five failures in a row, lets one try through, and waits longer each time it fails', () => {
    const breaker = new Breaker(pace)
    for (let n = 0; n < 4; n++) breaker.failed(0, 'server answers 500', null)
    expect(breaker.circuit(0).state).toBe('closed')
    breaker.failed(0, 'server answers 500', null)
    expect(breaker.circuit(0)).toEqual({ state: 'open', reason: 'server answers 500', untilMs: 100 })
    expect([breaker.room(99), breaker.room(100)]).toEqual([0, 1])
    for (const [at, until] of [
      [100, 300],
      [300, 650],
      [650, 1000],
    ] as const) {
      const end = breaker.begin()
      expect(breaker.room(at)).toBe(0)
      breaker.failed(at, 'still 500', null)
      end()
      expect(breaker.circuit(at)).toMatchObject({ state: 'open', untilMs: until })
    }
    const end = breaker.begin()
    breaker.answered()
    end()
    expect(breaker.room(1000)).toBe(Number.POSITIVE_INFINITY)
  })

  it('a success between keeps it closed', () => {
    const breaker = new Breaker(pace)
    for (let n = 0; n < 20; n++) {
      breaker.failed(0, '500', null)
      if (n % 4 === 3) breaker.answered()
    }
    expect(breaker.circuit(0).state).toBe('closed')
  })

  it('leaves the server alone as long as it asks, at most a day', () => {
    const breaker = new Breaker(pace)
    breaker.limited(0, 'too many requests', 5000)
    breaker.limited(0, 'too many requests', 2000)
    expect(breaker.circuit(4999).state).toBe('open')
    expect(breaker.circuit(5000).state).toBe('half-open')
    breaker.limited(5000, 'come back next year', 365 * 86_400_000)
    expect(breaker.circuit(5000).untilMs).toBe(5000 + 86_400_000)
  })

  it('a wrong setting opens it at once, and a person may have it tried at once', () => {
    const breaker = new Breaker(pace)
    breaker.misconfigured(0, 'no key')
    expect(breaker.circuit(999).state).toBe('open')
    breaker.reset()
    expect(breaker.circuit(999).state).toBe('closed')
  })
})
