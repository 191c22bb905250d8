/** @file A part of the picture stays inside it, whatever is drawn or pressed. */
import { describe, expect, it } from 'vitest'
import { SearchQuery } from '../../../src/contract/search.ts'
import { growBox, LEAST, MIDDLE, moveBox, spanBox, writeCrop } from './part.ts'

describe('a part of the picture', () => {
  it('is drawn in any direction, and never beyond the picture', () => {
    const box = { x: 0.2, y: 0.1, width: 0.4, height: 0.5 }
    for (const [from, to] of [
      [
        [0.2, 0.1],
        [0.6, 0.6],
      ],
      [
        [0.6, 0.6],
        [0.2, 0.1],
      ],
      [
        [0.6, 0.1],
        [0.2, 0.6],
      ],
    ] as const)
      for (const [key, value] of Object.entries(spanBox({ x: from[0], y: from[1] }, { x: to[0], y: to[1] })))
        expect(value, key).toBeCloseTo(box[key as keyof typeof box])
    expect(spanBox({ x: -3, y: 0.5 }, { x: 9, y: 9 })).toEqual({ x: 0, y: 0.5, width: 1, height: 0.5 })
    expect(spanBox({ x: 1, y: 1 }, { x: 1, y: 1 })).toEqual({ x: 1 - LEAST, y: 1 - LEAST, width: LEAST, height: LEAST })
  })

  it('moves with its size and grows to the edge', () => {
    expect(moveBox(MIDDLE, { x: 5, y: -5 })).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.5 })
    expect(growBox(MIDDLE, { x: 5, y: -5 })).toEqual({ x: 0.25, y: 0.25, width: 0.75, height: LEAST })
  })

  it('is written as the search takes it', () => {
    expect(writeCrop(MIDDLE)).toBe('0.25,0.25,0.5,0.5')
    for (const box of [
      { x: 0, y: 0, width: 1, height: 1 },
      { x: 1 / 3, y: 2 / 3, width: 2 / 3, height: 1 / 3 },
      spanBox({ x: 1, y: 1 }, { x: 1, y: 1 }),
    ])
      expect(SearchQuery.safeParse({ like: 1, crop: writeCrop(box) }).success, writeCrop(box)).toBe(true)
  })
})
