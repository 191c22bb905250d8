/** @file The queries of the queue and of the statistics, live: asked for again when the library says that they changed, else every few seconds. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'
import { useChanges } from '../../../lib/use-changes.ts'

export const queueQuery = queryOptions({
  queryKey: ['queue'],
  queryFn: ({ signal }) => callApi('getQueue', { signal }),
})

export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: ({ signal }) => callApi('getStats', { signal }),
})

export function useQueue() {
  const isLive = useChanges('queue', queueQuery.queryKey)
  return useQuery({ ...queueQuery, refetchInterval: isLive ? false : 2_000 })
}

export function useStats() {
  const isLive = useChanges('photos', statsQuery.queryKey)
  return useQuery({ ...statsQuery, refetchInterval: isLive ? false : 15_000 })
}
