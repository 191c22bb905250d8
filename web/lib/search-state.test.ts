/** @file The URL of a search reads and writes the same state. */
import { describe, expect, it, vi } from 'vitest'
import { SEARCH_FILTERS } from '../../src/contract/search-filters.ts'

// the table that Vite’s plugin makes from the contract (web/vite.config.ts)
vi.mock('virtual:contract', () => ({ filters: SEARCH_FILTERS, routes: {} }))
const { countFilters, isEmptySearch, parseUrlSearch, readSearchState, writeUrlSearch } = await import('./search-state.ts')

const read = (url: string) => readSearchState(parseUrlSearch(url))

describe('the state of a search', () => {
  it('comes back from its URL', () => {
    const state = {
      q: 'red “shoe” & more',
      mode: 'keyword',
      all: true,
      sort: 'oldest',
      category: ['food', 'with space'],
      from: '2020-01-31',
      people: [3, 5],
      has_text: false,
      state: ['failed'],
      hide_duplicates: true,
    } as const
    expect(read(writeUrlSearch(state))).toEqual(state)
  })

  it('keeps a part of a photo only with its photo', () => {
    expect(read('?like=3&crop=0.1,0,0.5,1')).toEqual({ like: 3, crop: '0.1,0,0.5,1' })
    expect(read('?crop=0.1,0,0.5,1')).toEqual({})
    expect(read('?like=3&crop=all')).toEqual({ like: 3 })
  })

  it('takes lists repeated or with commas', () => {
    expect(read('?category=a&category=b,c').category).toEqual(['a', 'b', 'c'])
  })

  it('leaves out what it does not understand', () => {
    expect(read('?mode=psychic&from=yesterday&people=x,-1&has_text=maybe&like=1.5&other=1')).toEqual({})
  })

  it('keeps words that look like numbers', () => {
    expect(read('?q=2024').q).toBe('2024')
  })

  it('knows when nothing is asked', () => {
    expect(isEmptySearch(read('?mode=keyword'))).toBe(true)
    expect(isEmptySearch(read('?like=3'))).toBe(false)
    expect(countFilters(read('?category=a,b&from=2020-01-01'))).toBe(2)
  })
})
