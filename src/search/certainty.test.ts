import { expect, it } from 'vitest'
import { tagCertainty } from './certainty.ts'

const FINDER = 'builtin/centernet@1'

it('a person is certain, and what is in the file was written by one', () => {
  expect(tagCertainty('person', 'dog', 1)).toBe(1)
  expect(tagCertainty('file', 'dog', 0.1)).toBe(1)
})

it('rises with the confidence of a measured model, and stays between 0 and 1', () => {
  for (const tag of ['dog', 'person', 'kite']) {
    const certainties = Array.from({ length: 21 }, (_, i) => tagCertainty(FINDER, tag, i / 20))
    expect(certainties).toEqual([...certainties].sort((a, b) => a - b))
    expect(certainties.every((one) => one > 0 && one <= 1)).toBe(true)
  }
  expect(tagCertainty(FINDER, 'kite', 0.24)).toBeLessThan(0.4)
  expect(tagCertainty(FINDER, 'kite', 0.6)).toBeGreaterThan(0.85)
})

it('of a model nobody measured keeps the order, and trusts it neither much nor little', () => {
  expect(tagCertainty('someone/model@1', 'dog', 0)).toBe(0.25)
  expect(tagCertainty('someone/model@1', 'dog', 1)).toBe(0.75)
  expect(tagCertainty('someone/model@1', 'dog', 7)).toBe(0.75)
})
