/** @file Stage 1 of a search: the query as the later stages want it. Pure. */
import type { SearchQuery } from '../contract/search.ts'
import { FILTER_KEYS, type SearchFilters } from '../contract/search-filters.ts'
import type { SearchMode } from '../contract/words.ts'
import { type Cursor, decodeCursor, fingerprint } from './cursor.ts'
import { parseWords, type SearchWords } from './parse.ts'

export interface SearchPlan {
  readonly query: string
  readonly mode: SearchMode
  readonly words: SearchWords
  readonly like: number | null
  readonly filters: SearchFilters
  /** also what lies beyond the cut-off */
  readonly wantsAll: boolean
  readonly limit: number
  readonly cursor: Cursor | null
  readonly fingerprint: string
  /** nothing to rank by: photos by time */
  readonly isList: boolean
}

/** @throws FototecaError `bad_request` for a cursor of another search */
export function parseQuery(query: SearchQuery): SearchPlan {
  const words = parseWords(query.q)
  const own = fingerprint(query)
  return {
    query: query.q,
    mode: query.mode,
    words,
    like: query.like ?? null,
    filters: pickFilters(query),
    wantsAll: query.all,
    limit: query.limit,
    cursor: query.cursor ? decodeCursor(query.cursor, own) : null,
    fingerprint: own,
    isList: query.like === undefined && words.include.length === 0 && words.plain === '',
  }
}

function pickFilters(query: SearchQuery): SearchFilters {
  return Object.fromEntries([...FILTER_KEYS, 'where' as const].map((key) => [key, query[key]])) as SearchFilters
}
