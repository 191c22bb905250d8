/** @file Counts beside the results: of the photos a search finds, how many hold each value of each filter. */
import type { FacetsAnswer, FacetsQuery } from '../contract/search.ts'
import type { FacetIndex } from './facet-index.ts'
import { listFacets } from './filters.ts'
import { findAll, type SearchDeps } from './run-search.ts'
import { countByState } from './store-list.ts'

/** Values shown per facet, the most frequent first. */
const SHOWN = 50

export type FindFacets = (query: FacetsQuery) => Promise<FacetsAnswer>

/** The index lives as long as the function. */
export function createFacets(deps: SearchDeps, index: FacetIndex): FindFacets {
  return async (query) => {
    const started = performance.now()
    const ids = await findAll(deps, query)
    const [counts, states] = [await index.count(deps.db, ids), await countByState(deps.db, ids)]
    const held = Map.groupBy(counts, ({ key }) => key)
    const facets: FacetsAnswer['facets'] = { state: { values: states.map((row) => ({ ...row, label: row.value })), more: 0 } }
    for (const { key, facet } of listFacets()) {
      const values = (held.get(key) ?? []).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      const shown = values.slice(0, SHOWN)
      const labels = shown.length > 0 ? await facet.labels?.(deps.db, shown.map(({ value }) => value)) : undefined // biome-ignore format: one thought
      facets[key] = {
        values: shown.map(({ value, count }) => ({ value, label: labels?.get(value) ?? value, count })),
        more: values.length - shown.length,
      }
    }
    return { total: ids.length, facets, took_ms: Math.round((performance.now() - started) * 10) / 10 }
  }
}
