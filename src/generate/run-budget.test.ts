import { describe, expect, it } from 'vitest'
import { findRunSpent } from './run-budget.ts'

const ANY = { scenes: null, tokens: null, cost: null }
const NONE = { scenes: 0, tokens: 0, cost: 0 }
const UNKNOWN = { tokens: null, cost: null }

describe('the budget of a run', () => {
  it('holds nothing back when there is none', () => {
    expect(findRunSpent(ANY, { scenes: 1e6, tokens: 1e9, cost: 1e6 }, { tokens: 1e6, cost: 1e3 })).toBeNull()
  })
  it('counts scenes', () => {
    expect(findRunSpent({ ...ANY, scenes: 1 }, NONE, UNKNOWN)).toBeNull()
    expect(findRunSpent({ ...ANY, scenes: 1 }, { ...NONE, scenes: 1 }, UNKNOWN)).toMatch(/1 scenes is spent/)
    expect(findRunSpent({ ...ANY, scenes: 0 }, NONE, UNKNOWN)).toMatch(/0 scenes/)
  })
  it('stops before a scene that would be too much by what earlier ones took', () => {
    expect(findRunSpent({ ...ANY, tokens: 3000 }, { scenes: 2, tokens: 2000, cost: 0 }, { tokens: 1000, cost: null })).toBeNull()
    expect(findRunSpent({ ...ANY, tokens: 2999 }, { scenes: 2, tokens: 2000, cost: 0 }, { tokens: 1000, cost: null })).toMatch(
      /2000 used, about 1000 each/,
    )
    expect(findRunSpent({ ...ANY, cost: 0.1 }, { scenes: 2, tokens: 0, cost: 0.08 }, { tokens: null, cost: 0.04 })).toMatch(/0\.0800 used/)
  })
  it('stops after one scene where the maker does not tell', () => {
    expect(findRunSpent({ ...ANY, tokens: 5 }, NONE, UNKNOWN)).toBeNull()
    expect(findRunSpent({ ...ANY, tokens: 5 }, { ...NONE, scenes: 1 }, UNKNOWN)).toMatch(/does not tell/)
  })
})
