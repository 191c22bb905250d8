/** @file The state of a search lives in the URL: read from it, written to it, and turned into the query of the contract. */
import { filters } from 'virtual:contract'
import type { SearchQuery } from '../../src/contract/search.ts'
import type { FilterKey } from '../../src/contract/search-filters.ts'
import { SEARCH_MODES, SEARCH_SORTS, type SearchMode, type SearchSort } from '../../src/contract/words.ts'

type FilterValues = { [K in FilterKey]?: SearchQuery[K] | undefined }
export interface SearchState extends FilterValues {
  q?: string | undefined
  /** filters joined by any and not, as a page sets them; not in the address of a search */
  where?: string | undefined
  mode?: SearchMode | undefined
  like?: number | undefined
  /** only this part of it: x,y,width,height in fractions */
  crop?: string | undefined
  /** key of a picture that was sent to search by */
  picture?: string | undefined
  /** also what lies beyond the cut-off */
  all?: boolean | undefined
  /** undefined: best first, without words newest first */
  sort?: SearchSort | undefined
}

/** URL → state; what is not understood is left out. */
export function readSearchState(raw: Record<string, unknown>): SearchState {
  const state: Record<string, unknown> = {}
  const q = textOf(raw.q)
  if (q) state.q = q
  const mode = SEARCH_MODES.find((each) => each === textOf(raw.mode))
  if (mode && mode !== 'hybrid') state.mode = mode
  const like = Number(textOf(raw.like))
  if (Number.isInteger(like) && like > 0) {
    state.like = like
    const crop = textOf(raw.crop)
    if (crop && /^(\d(\.\d+)?)(,\d(\.\d+)?){3}$/.test(crop)) state.crop = crop
  }
  if (['true', '1'].includes(textOf(raw.all) ?? '')) state.all = true
  const sort = SEARCH_SORTS.find((each) => each === textOf(raw.sort))
  if (sort && sort !== 'relevance') state.sort = sort
  const picture = textOf(raw.picture)
  if (picture && /^[\w-]{1,40}$/.test(picture)) state.picture = picture
  for (const key of Object.keys(filters) as FilterKey[]) {
    const value = readFilter(filters[key].control, raw[key])
    if (value !== undefined) state[key] = value
  }
  return state as SearchState
}

function readFilter(control: (typeof filters)[FilterKey]['control'], raw: unknown): unknown {
  switch (control) {
    case 'chips':
    case 'choice': {
      const list = listOf(raw)
      return list.length > 0 ? list : undefined
    }
    case 'people': {
      const ids = listOf(raw)
        .map(Number)
        .filter((id) => Number.isInteger(id) && id > 0)
      return ids.length > 0 ? ids : undefined
    }
    case 'date': {
      const text = textOf(raw)
      return text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined
    }
    case 'range':
    case 'circle':
    case 'area':
      return textOf(raw) || undefined
    case 'switch': {
      const text = textOf(raw)
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined
    }
  }
}

/** True where nothing is asked: no words, no photo, no filter. */
export function isEmptySearch(state: SearchState): boolean {
  return !state.q && state.like === undefined && state.picture === undefined && countFilters(state) === 0
}

export function countFilters(state: SearchState): number {
  return (Object.keys(filters) as FilterKey[]).filter((key) => state[key] !== undefined).length
}

/** `?a=1&a=2` ⇄ `{ a: ['1', '2'] }`: the URL a person reads, not JSON in it. */
export function parseUrlSearch(text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  const params = new URLSearchParams(text)
  for (const key of new Set(params.keys())) {
    const values = params.getAll(key)
    found[key] = values.length > 1 ? values : values[0]
  }
  return found
}

export function writeUrlSearch(values: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(values))
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined && item !== '') params.append(key, String(item))
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

function textOf(raw: unknown): string | undefined {
  const value = Array.isArray(raw) ? raw[0] : raw
  return value === undefined || value === null ? undefined : String(value).trim()
}

function listOf(raw: unknown): string[] {
  return (Array.isArray(raw) ? raw : raw === undefined ? [] : [raw])
    .flatMap((part) => String(part).split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
