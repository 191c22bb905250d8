/** @file Queries of the map: the places of the library, and where its photos lie. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'
import type { SearchState } from '../../../lib/search-state.ts'

export const placesQuery = queryOptions({
  queryKey: ['places'],
  queryFn: ({ signal }) => callApi('listPlaces', { signal }),
  staleTime: 60_000,
})

/** The browser has the answer before and is told where it is still right: at 100,000 photos it has 1 MB. */
export const pointsQuery = (filters: SearchState) =>
  queryOptions({
    queryKey: ['points', filters],
    queryFn: ({ signal }) => callApi('listPoints', { query: filters, signal }),
    staleTime: 60_000,
    // a million photos are not held for a page that nobody looks at
    gcTime: 60_000,
  })
