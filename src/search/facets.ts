/** @file Counts beside the results: of the photos a search finds, how many hold each value of each filter. */
import type { FacetsAnswer, FacetsQuery } from '../contract/search.ts'
import type { Db } from '../db/client.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { FacetCount, FacetIndex } from './facet-index.ts'
import type { Groups } from './filters/filter.ts'
import { listFacets, listGroups } from './filters.ts'
import { findAll } from './run-search.ts'
import type { SearchDeps } from './search-deps.ts'
import { readDatabaseState } from './store-changes.ts'
import { countApart, countByState, countStates, readUnfinished } from './store-list.ts'

/** Values shown per facet, the most frequent first. */
const SHOWN = 50

export type FindFacets = (sees: Visibility, query: FacetsQuery) => Promise<FacetsAnswer>

/** The index lives as long as the function. */
export function createFacets(deps: SearchDeps, index: FacetIndex): FindFacets {
  let unfinished: { readonly state: string; readonly photos: Awaited<ReturnType<typeof readUnfinished>> } | null = null
  /** As they are now: read again only when something was written. */
  const findUnfinished = async () => {
    const state = await readDatabaseState(deps.db)
    if (unfinished?.state !== state) unfinished = { state, photos: await readUnfinished(deps.db) }
    return unfinished.photos
  }
  return async (sees, query) => {
    const started = performance.now()
    const found = await findAll(deps, sees, query, false)
    const counts = found === null ? await index.totals(deps.db, sees) : await index.count(deps.db, found)
    const states = found === null ? await countStates(deps.db, sees) : countByState(found, await findUnfinished())
    const total = found?.length ?? states.reduce((sum, { value, count }) => (value === 'failed' ? sum : sum + count), 0)
    const held = Map.groupBy(counts, ({ key }) => key)
    const facets: FacetsAnswer['facets'] = { state: { values: states.map((row) => ({ ...row, label: row.value })), more: 0 } }
    for (const { key, facet } of listFacets()) {
      const values = (held.get(key) ?? []).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      const shown = values.slice(0, SHOWN)
      const labels =
        shown.length > 0
          ? await facet.labels?.(
              deps.db,
              shown.map(({ value }) => value),
            )
          : undefined
      facets[key] = {
        values: shown.map(({ value, count }) => ({ value, label: labels?.get(value) ?? value, count })),
        more: values.length - shown.length,
      }
    }
    const apart = await countApart(deps.db, sees)
    facets.collection = { values: apart.map((row) => ({ ...row, label: row.value })), more: 0 }
    const inGroups = Map.groupBy(await index.groups.count(deps.db, found ?? (await index.listSeen(deps.db, sees))), ({ key }) => key)
    for (const { key, groups } of listGroups()) facets[key] = await nameGroups(deps.db, sees, groups, inGroups.get(key) ?? [], query[key])
    return { total, facets, took_ms: Math.round((performance.now() - started) * 10) / 10 }
  }
}

/** Groups by name; the ones that are asked for are there even where no photo is found. */
async function nameGroups(db: Db, sees: Visibility, groups: Groups, counts: readonly FacetCount[], asked: unknown) {
  const chosen = new Set(Array.isArray(asked) ? asked.map(String) : [])
  const held = new Map(counts.map(({ value, count }) => [value, count]))
  const values = (await groups.names(db, sees))
    .map((named) => ({ ...named, count: held.get(named.value) ?? 0 }))
    .filter(({ value, count }) => count > 0 || chosen.has(value))
    .sort((a, b) => Number(chosen.has(b.value)) - Number(chosen.has(a.value)) || b.count - a.count || (a.label < b.label ? -1 : 1))
  return { values: values.slice(0, SHOWN), more: Math.max(0, values.length - SHOWN) }
}
