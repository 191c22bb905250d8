/** @file Stage 1 of a search: the query as the later stages want it. Pure. */
import type { SearchQuery } from '../contract/search.ts'
import { FILTER_KEYS, SEARCH_FILTERS, type SearchFilters } from '../contract/search-filters.ts'
import type { SearchMode, SearchSort } from '../contract/words.ts'
import { FototecaError } from '../domain/errors.ts'
import { type Chip, parseTyped } from '../domain/search/query/typed-query.ts'
import { type Cursor, decodeCursor, fingerprint } from './cursor.ts'
import { type Examples, hasExamples } from './examples.ts'
import type { PlanFilters } from './filters.ts'
import { parseWords, type SearchWords } from './parse.ts'

export interface SearchPlan {
  readonly query: string
  readonly mode: SearchMode
  readonly words: SearchWords
  readonly examples: Examples
  readonly sort: SearchSort
  /** `typed` is still missing: names are looked up first (`demandTyped`) */
  readonly filters: PlanFilters
  /** what the text holds besides words */
  readonly chips: readonly Chip[]
  /** see `TypedQuery` */
  readonly misread: readonly string[]
  /** also what lies beyond the cut-off */
  readonly wantsAll: boolean
  readonly limit: number
  readonly cursor: Cursor | null
  readonly fingerprint: string
  /** nothing to rank by: photos by time */
  readonly isList: boolean
}

/**
 * @param today `YYYY-MM-DD`, for “last month”
 * @throws FototecaError `bad_request` for a cursor of another search
 */
export function parseQuery(query: SearchQuery, today: string): SearchPlan {
  const typed = parseTyped(query.q, SEARCH_FILTERS, today)
  const words = parseWords(typed.words)
  const own = fingerprint(query)
  const examples: Examples = {
    like: query.like ?? null,
    crop: query.crop ?? null,
    also: query.also ?? [],
    unlike: query.unlike ?? [],
    picture: query.picture ?? null,
  }
  if (examples.unlike.length > 0 && !hasExamples(examples))
    throw new FototecaError('bad_request', 'unlike: name a photo to search by too (like)')
  if (examples.crop !== null && examples.like === null) throw new FototecaError('bad_request', 'crop: it is a part of the photo in `like`')
  return {
    query: query.q,
    mode: query.mode,
    words,
    examples,
    sort: query.sort ?? 'relevance',
    filters: pickFilters(query),
    chips: typed.chips,
    misread: typed.misread,
    wantsAll: query.all,
    limit: query.limit,
    cursor: query.cursor ? decodeCursor(query.cursor, own) : null,
    fingerprint: own,
    isList: !hasExamples(examples) && words.include.length === 0 && words.plain === '',
  }
}

function pickFilters(query: SearchQuery): SearchFilters {
  return Object.fromEntries([...FILTER_KEYS, 'where' as const].map((key) => [key, query[key]])) as SearchFilters
}
