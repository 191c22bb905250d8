/** @file The registry of filters: one entry of the contract, one file in `filters/`, one line here. */
import { FILTER_KEYS, type FilterExpression, type FilterKey, type SearchFilters } from '../contract/search-filters.ts'
import { isKept, isPersonal, isReadable } from '../db/visible.ts'
import type { Predicate, Visibility } from '../domain/visibility.ts'
import { added_from, added_to } from './filters/added.ts'
import { album } from './filters/album.ts'
import { area } from './filters/area.ts'
import { camera } from './filters/camera.ts'
import { category } from './filters/category.ts'
import { city } from './filters/city.ts'
import { cluster } from './filters/cluster.ts'
import { collection } from './filters/collection.ts'
import { colour } from './filters/colour.ts'
import { country } from './filters/country.ts'
import { faces } from './filters/faces.ts'
import { favourite } from './filters/favourite.ts'
import { type Facet, type Filter, type Groups, meetsAll, meetsAny, meetsNot } from './filters/filter.ts'
import { format } from './filters/format.ts'
import { from } from './filters/from.ts'
import { hasDuplicates } from './filters/has-duplicates.ts'
import { hasFaces } from './filters/has-faces.ts'
import { hasText } from './filters/has-text.ts'
import { hideDuplicates } from './filters/hide-duplicates.ts'
import { language } from './filters/language.ts'
import { lens } from './filters/lens.ts'
import { megapixels } from './filters/megapixels.ts'
import { missing } from './filters/missing.ts'
import { near } from './filters/near.ts'
import { orientation } from './filters/orientation.ts'
import { people, peopleAny, peopleNone } from './filters/people.ts'
import { rating } from './filters/rating.ts'
import { source } from './filters/source.ts'
import { state } from './filters/state.ts'
import { tag } from './filters/tag.ts'
import { to } from './filters/to.ts'
import { parseWhere } from './parse-where.ts'

const FILTERS = {
  category,
  from,
  to,
  added_from,
  added_to,
  people,
  people_any: peopleAny,
  people_none: peopleNone,
  tag,
  has_text: hasText,
  language,
  has_faces: hasFaces,
  faces,
  rating,
  favourite,
  colour,
  camera,
  lens,
  city,
  country,
  near,
  area,
  orientation,
  megapixels,
  format,
  source,
  album,
  cluster,
  missing,
  collection,
  state,
  has_duplicates: hasDuplicates,
  hide_duplicates: hideDuplicates,
} as const satisfies { [K in FilterKey]: Filter<K> }

/** The filters of a search, and those its text holds. */
export type PlanFilters = SearchFilters & { readonly typed?: FilterExpression }

/** Filters whose values are groups of photos, in the order of the contract. */
export function listGroups(): readonly { readonly key: FilterKey; readonly groups: Groups }[] {
  return FILTER_KEYS.flatMap((key) => {
    const filter: { readonly groups?: Groups } = FILTERS[key]
    return filter.groups ? [{ key, groups: filter.groups }] : []
  })
}

/** Filters whose values can be counted, in the order of the contract. */
export function listFacets(): readonly { readonly key: FilterKey; readonly facet: Facet }[] {
  return FILTER_KEYS.flatMap((key) => {
    const filter: { readonly facet?: Facet } = FILTERS[key]
    return filter.facet ? [{ key, facet: filter.facet }] : []
  })
}

/**
 * What the query demands of a photo: the caller’s own demands first, that it is shown, that its file could be read (unless the
 * query asks how photos stand: `is:failed`), that it is one of a person’s (unless it asks for collections), and every filter that is set.
 * @param own e.g. “has a vector in this space”; they count too where a filter compares photos
 * @throws FototecaError `bad_request` for a `where` that is no filter expression
 */
export function composeFilters(sees: Visibility, filters: PlanFilters, own: readonly Predicate[] = []): Predicate[] {
  const { hide_duplicates, where, typed, ...plain } = filters
  const expressions = [...(where === undefined ? [] : [parseWhere(where)]), ...(typed === undefined ? [] : [typed])]
  const asks = (key: 'state' | 'collection') => [plain, ...expressions].some((expression) => asksFor(key, expression))
  const shown = [
    isKept,
    ...(asks('state') ? [] : [isReadable]),
    ...(asks('collection') ? [] : [isPersonal]),
    ...(sees.allowed ? [sees.allowed] : []),
  ]
  const others = [...own, ...shown, ...applyAll(sees, plain), ...expressions.map((expression) => applyExpression(sees, expression))]
  const last = hide_duplicates === undefined ? null : hideDuplicates.keeps(hide_duplicates, others, sees)
  return last ? [...others, last] : others
}

function asksFor(key: 'state' | 'collection', expression: FilterExpression): boolean {
  if ('all' in expression) return expression.all.some((one) => asksFor(key, one))
  if ('any' in expression) return expression.any.some((one) => asksFor(key, one))
  // what is left out is not asked for; but `-is:failed` speaks of all that is there
  if ('not' in expression) return key === 'state' && asksFor(key, expression.not)
  return (expression[key]?.length ?? 0) > 0
}

function applyAll(sees: Visibility, filters: SearchFilters): Predicate[] {
  return FILTER_KEYS.flatMap((key) => applyFilter(sees, key, filters) ?? [])
}

function applyFilter<K extends FilterKey>(sees: Visibility, key: K, filters: SearchFilters): Predicate | null {
  const value = filters[key]
  if (value === undefined || value === null) return null
  // the table is checked by `satisfies`; TypeScript cannot follow a key chosen at run time
  return (FILTERS[key] as unknown as Filter<K>).keeps(value, [], sees)
}

function applyExpression(sees: Visibility, expression: FilterExpression): Predicate {
  const apply = (each: FilterExpression) => applyExpression(sees, each)
  if ('all' in expression) return meetsAll(expression.all.map(apply))
  if ('any' in expression) return meetsAny(expression.any.map(apply))
  if ('not' in expression) return meetsNot(apply(expression.not))
  return meetsAll(applyAll(sees, expression))
}
