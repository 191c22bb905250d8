import { expect, it } from 'vitest'
import { dayOf, endOfDay, findSpent } from './budget.ts'

const none = { tokensPerDay: null, costPerDay: null }

it('stops before a call that would not fit, counting those on their way', () => {
  const spent = { calls: 9, tokens: 9000, cost: 0.9 }
  const means = { tokens: 1000, cost: 0.1 }
  expect(findSpent(none, spent, means, 5)).toBeNull()
  expect(findSpent({ ...none, tokensPerDay: 10_000 }, spent, means, 0)).toBeNull()
  expect(findSpent({ ...none, tokensPerDay: 10_000 }, spent, means, 1)).toContain('10000 tokens a day')
  expect(findSpent({ ...none, costPerDay: 0.95 }, spent, means, 0)).toContain('0.95 a day')
  // without any mean the first call is allowed, the one after the limit is not
  expect(findSpent({ ...none, tokensPerDay: 1 }, { calls: 0, tokens: 0, cost: 0 }, { tokens: null, cost: null }, 0)).toBeNull()
  expect(findSpent({ ...none, tokensPerDay: 0 }, { calls: 0, tokens: 0, cost: 0 }, { tokens: null, cost: null }, 0)).not.toBeNull()
})

it('days are UTC', () => {
  const late = Date.UTC(2026, 10, 22, 23, 59, 59, 999)
  expect(dayOf(late)).toBe('2026-11-22')
  expect(endOfDay(late)).toBe(late + 1)
  expect(endOfDay(late + 1)).toBe(late + 1 + 86_400_000)
})

it('a budget is spent where sums of fractions fall a little short of it, and the last call that fits is not refused for them', () => {
  const budget = { tokensPerDay: null, costPerDay: 1 }
  const sum = (calls: number) => ({ calls, tokens: 0, cost: Array.from({ length: calls }, () => 0.1).reduce((a, b) => a + b, 0) })
  expect(sum(10).cost).toBeLessThan(1)
  expect(findSpent(budget, sum(10), { tokens: null, cost: null }, 0)).toContain('1 a day is spent')
  expect(findSpent({ ...budget, costPerDay: 0.3 }, sum(2), { tokens: null, cost: 0.1 }, 0)).toBeNull()
})
