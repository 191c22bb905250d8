/** @file Typed searches: what leaves the box as chips, and what comes back to the same search. */
import { expect, it, vi } from 'vitest'
import { SEARCH_FILTERS } from '../../src/contract/search-filters.ts'

vi.mock('virtual:contract', () => ({ filters: SEARCH_FILTERS, routes: {} }))
const { describeChip, joinTyped, readTyped } = await import('./typed-search.ts')

it('parts chips from what stays in the box, and joins them again', () => {
  const { chips, plain } = readTyped('beach person:"anna smith" -dog sun')
  expect(plain).toBe('beach sun')
  const joined = joinTyped(chips, plain)
  expect(joined).toBe('person:"anna smith" -dog beach sun')
  expect(joinTyped(readTyped(joined).chips, readTyped(joined).plain)).toBe(joined)
  expect(joinTyped([], '  ')).toBe('')
})

it('says chips in words', () => {
  const said = (q: string) => readTyped(q).chips.map(describeChip)
  expect(said('-person:anna has:text "red hat" -dog before:2024')).toEqual([
    'not People: anna',
    'Has text',
    '“red hat”',
    'without “dog”',
    'Taken: before 2024',
  ])
})
