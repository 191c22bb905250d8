/** @file The search as an endless query, page by page by cursor. */
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { type AnswerOf, callApi } from './api-client.ts'
import type { SearchState } from './search-state.ts'

export const SEARCH_PAGE = 60

export const searchQuery = (state: SearchState) =>
  infiniteQueryOptions({
    queryKey: ['search', state],
    queryFn: ({ signal, pageParam }) =>
      callApi('search', { query: { ...state, limit: SEARCH_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

/** the page reads no further for “select all” */
const MAX_HITS = 5_000

/** Ids of all hits, in their order, at most `MAX_HITS`. */
export async function readAllHits(state: SearchState): Promise<{ ids: number[]; total: number }> {
  const ids: number[] = []
  let cursor: string | null = null
  for (;;) {
    const page: AnswerOf<'search'> = await callApi('search', { query: { ...state, limit: 200, ...(cursor === null ? {} : { cursor }) } })
    ids.push(...page.hits.map((hit) => hit.photo.id))
    cursor = page.next
    if (cursor === null || ids.length >= MAX_HITS) return { ids, total: Math.max(page.total, ids.length) }
  }
}
