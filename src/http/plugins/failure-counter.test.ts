import { expect, it } from 'vitest'
import { createFailureCounter } from './failure-counter.ts'

it('refuses for as long as it says, and no longer, however often it is asked meanwhile', () => {
  let now = 1_000_000
  const counter = createFailureCounter(10, () => now)
  for (let tried = 0; tried < 10; tried++) {
    counter.add('192.0.2.1')
    now += 1000
  }
  expect(() => counter.add('192.0.2.1')).toThrow(expect.objectContaining({ code: 'too_many', retryAfter: 50 }))
  counter.add('192.0.2.2')
  now += 49_000
  expect(() => counter.add('192.0.2.1')).toThrow(expect.objectContaining({ retryAfter: 1 }))
  now += 1000
  expect(() => counter.add('192.0.2.1')).not.toThrow()
})
