import { describe, expect, it } from 'vitest'
import { buildSets, matchSets, type Pair } from './build-sets.ts'

const pair = (a: number, b: number, kind: Pair['kind'] = 'same-picture'): Pair => ({ a, b, kind })

describe('sets', () => {
  it('do not grow along a chain: each member is a pair with the representative', () => {
    // 1 – 2 – 3 – 4 – 5, each near only to the next
    const chain = [pair(1, 2), pair(2, 3), pair(3, 4), pair(4, 5)]
    expect(buildSets(chain, [1, 2, 3, 4, 5])).toEqual([
      { kind: 'same-picture', representative: 1, members: [2] },
      { kind: 'same-picture', representative: 3, members: [4] },
    ])
    expect(buildSets(chain, [3, 1, 2, 4, 5])).toEqual([{ kind: 'same-picture', representative: 3, members: [2, 4] }])
  })

  it('are made kind by kind; a member of a nearer kind is not asked about again, its representative is', () => {
    const pairs = [pair(1, 2), pair(2, 3, 'edited'), pair(1, 3, 'edited'), pair(3, 4, 'similar'), pair(2, 4, 'similar')]
    expect(buildSets(pairs, [1, 2, 3, 4])).toEqual([
      { kind: 'same-picture', representative: 1, members: [2] },
      { kind: 'edited', representative: 1, members: [3] },
    ])
  })

  it('hold photos that are nearer than their kind asks, when two sets of that kind would part them', () => {
    const pairs = [pair(1, 3), pair(2, 3), pair(1, 2, 'edited')]
    expect(buildSets(pairs, [1, 2, 3])).toEqual([
      { kind: 'same-picture', representative: 1, members: [3] },
      { kind: 'edited', representative: 1, members: [2] },
    ])
  })

  it('are none without pairs', () => expect(buildSets([], [])).toEqual([]))
})

describe('ids', () => {
  const set = (representative: number, members: number[], kind: Pair['kind'] = 'edited') => ({ kind, representative, members })
  it('go on with the representative, else with the most photos; what is left is gone', () => {
    const stored = [
      { id: 10, ...set(1, [2, 3]) },
      { id: 11, ...set(4, [5]) },
      { id: 12, ...set(8, [9]) },
      { id: 13, ...set(4, [5], 'similar') },
    ]
    const sets = [set(1, [2]), set(7, [4, 5]), set(20, [21]), set(4, [5], 'similar')]
    expect(matchSets(sets, stored)).toEqual({ ids: [10, 11, null, 13], gone: [12] })
  })
  it('are given once: of two halves of a set one is new', () => {
    expect(matchSets([set(5, [1, 2]), set(3, [4])], [{ id: 1, ...set(9, [1, 2, 3, 4]) }])).toEqual({ ids: [1, null], gone: [] })
  })
})
