/** @file What the filters offer: people, and the values of the photos found, with counts. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'
import type { SearchState } from '../../../lib/search-state.ts'

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => callApi('listPeople', { signal }),
  staleTime: 60_000,
})

export const facetsQuery = (state: SearchState) =>
  queryOptions({
    queryKey: ['facets', state],
    queryFn: ({ signal }) => callApi('getFacets', { query: state, signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
