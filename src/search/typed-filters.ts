/** @file Chips of the text become filters: names that people type are looked up among the values the library holds. */
import type { FilterExpression, FilterKey, TypedFilters } from '../contract/search-filters.ts'
import type { Db } from '../db/client.ts'
import type { Chip, Demand } from '../domain/search/query/typed-query.ts'
import { splitWords } from '../domain/search/words.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { FacetIndex } from './facet-index.ts'
import type { Groups } from './filters/filter.ts'
import { listFacets, listGroups } from './filters.ts'

/** Values one typed name may stand for: `camera:canon` with many models. */
const MAX_MEANT = 50

export interface TypedDemands {
  /** null where the text holds no filter */
  readonly expression: FilterExpression | null
  /** names that nothing in the library bears */
  readonly notices: readonly string[]
}

/** A value of a filter and what a person calls it. */
interface Named {
  readonly value: string
  readonly label: string
}

/** @param index read only where a chip holds a name */
export async function demandTyped(db: Db, index: FacetIndex, sees: Visibility, chips: readonly Chip[]): Promise<TypedDemands> {
  const all: FilterExpression[] = []
  const notices: string[] = []
  for (const { demand, isNot, text } of chips) {
    if (demand.kind === 'words') continue
    const any = await listMeant(db, index, sees, demand)
    if (any.length === 0) notices.push(`Nothing in the library is called ${text.replace(/^-/, '')}.`)
    const expression: FilterExpression = any.length === 1 ? (any[0] as TypedFilters) : { any }
    all.push(isNot ? { not: expression } : expression)
  }
  return { expression: all.length === 0 ? null : { all }, notices }
}

/** Any of these. */
async function listMeant(db: Db, index: FacetIndex, sees: Visibility, demand: Demand): Promise<readonly TypedFilters[]> {
  switch (demand.kind) {
    case 'filters':
      return demand.any
    case 'names':
      return meanNames(db, index, sees, demand)
    case 'either': {
      const any: TypedFilters[] = []
      for (const each of demand.of) any.push(...(await listMeant(db, index, sees, each)))
      return any
    }
    case 'words':
      return []
  }
}

async function meanNames(
  db: Db,
  index: FacetIndex,
  sees: Visibility,
  { filters, names }: Demand & { kind: 'names' },
): Promise<TypedFilters[]> {
  const values: (Named & { readonly filter: FilterKey })[] = []
  for (const filter of filters) values.push(...(await listValues(db, index, sees, filter)).map((named) => ({ ...named, filter })))
  const meant = new Set(names.flatMap((name) => findMeant(values, name)))
  // one value in each: some filters want all of theirs
  return [...meant].slice(0, MAX_MEANT).map(({ filter, value }) => ({ [filter]: [isId(filter) ? Number(value) : value] }) as TypedFilters)
}

const IDS: readonly FilterKey[] = ['people', 'people_any', 'people_none', 'source', 'album', 'cluster']
const isId = (filter: FilterKey): boolean => IDS.includes(filter)

/** The values photos hold, with what they are called. */
export async function listValues(
  db: Db,
  index: FacetIndex,
  sees: Visibility,
  filter: FilterKey,
): Promise<(Named & { readonly count: number })[]> {
  const groups = listGroups().find(({ key }) => key === filter)?.groups
  if (groups) return listGroupValues(db, index, sees, filter, groups)
  const held = (await index.totals(db, sees)).filter(({ key }) => key === filter)
  const facet = listFacets().find(({ key }) => key === filter)?.facet
  const labels =
    held.length > 0
      ? await facet?.labels?.(
          db,
          held.map(({ value }) => value),
        )
      : undefined
  return held.map(({ value, count }) => ({ value, label: labels?.get(value) ?? value, count }))
}

async function listGroupValues(db: Db, index: FacetIndex, sees: Visibility, filter: FilterKey, groups: Groups) {
  const [names, totals] = [await groups.names(db, sees), await index.groups.count(db, await index.listSeen(db, sees))]
  const counts = new Map(totals.flatMap(({ key, value, count }) => (key === filter ? [[value, count] as const] : [])))
  return names.map((named) => ({ ...named, count: counts.get(named.value) ?? 0 }))
}

/** Values called just so, accents and case aside; where there is none, those of which the typed words begin words, in order. */
export function findMeant<T extends Named>(values: readonly T[], name: string): T[] {
  const asked = splitWords(name).map(({ word }) => word)
  if (asked.length === 0) return []
  const split = values.map((named) => ({ named, words: splitWords(named.label).map(({ word }) => word) }))
  const same = split.filter(({ words }) => words.length === asked.length && words.every((word, i) => word === asked[i]))
  if (same.length > 0) return same.map(({ named }) => named)
  return split.filter(({ words }) => beginsWith(words, asked)).map(({ named }) => named)
}

function beginsWith(words: readonly string[], asked: readonly string[]): boolean {
  let from = 0
  return asked.every((start) => {
    const at = words.findIndex((word, i) => i >= from && word.startsWith(start))
    from = at + 1
    return at >= 0
  })
}
