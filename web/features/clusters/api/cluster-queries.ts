/** @file Queries of topics and trips. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'

export const clustersQuery = (hidden: boolean) =>
  queryOptions({
    queryKey: ['clusters', hidden],
    queryFn: ({ signal }) => callApi('listClusters', { query: { hidden }, signal }),
    refetchInterval: (query) => (query.state.data?.state.running ? 1500 : false),
  })

export const tripsQuery = queryOptions({
  queryKey: ['trips'],
  queryFn: ({ signal }) => callApi('listTrips', { signal }),
  staleTime: 60_000,
})
