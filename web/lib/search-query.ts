/** @file The search as an endless query, page by page by cursor. */
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { callApi } from './api-client.ts'
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
