/** @file The registry of filters: one entry of the contract, one file in `filters/`, one line here. */
import { FILTER_KEYS, type FilterKey, type SearchFilters } from '../contract/search-filters.ts'
import { category } from './filters/category.ts'
import type { Filter, Predicate } from './filters/filter.ts'
import { from } from './filters/from.ts'
import { hasText } from './filters/has-text.ts'
import { hideDuplicates } from './filters/hide-duplicates.ts'
import { people } from './filters/people.ts'
import { state } from './filters/state.ts'
import { to } from './filters/to.ts'

const FILTERS = {
  category,
  from,
  to,
  people,
  has_text: hasText,
  state,
  hide_duplicates: hideDuplicates,
} as const satisfies { [K in FilterKey]: Filter<K> }

/**
 * What the query demands of a photo: the caller’s own demands and every filter that is set.
 * @param own e.g. “has a vector in this space”; they count too where a filter compares photos
 */
export function composeFilters(filters: SearchFilters, own: readonly Predicate[] = []): Predicate[] {
  const keys = FILTER_KEYS.filter((key) => key !== 'hide_duplicates')
  const plain = [...own, ...keys.flatMap((key) => applyFilter(key, filters, []) ?? [])]
  const last = applyFilter('hide_duplicates', filters, plain)
  return last ? [...plain, last] : plain
}

function applyFilter<K extends FilterKey>(key: K, filters: SearchFilters, others: readonly Predicate[]): Predicate | null {
  const value = filters[key]
  if (value === undefined || value === null) return null
  // the table is checked by `satisfies`; TypeScript cannot follow a key chosen at run time
  return (FILTERS[key] as unknown as Filter<K>)(value, others)
}
