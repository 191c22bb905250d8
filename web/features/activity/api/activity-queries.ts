/** @file The queries of the queue and of the statistics. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'

/** Live: the queue is counted anew every 2 seconds at most, however many look. */
export const queueQuery = queryOptions({
  queryKey: ['queue'],
  queryFn: ({ signal }) => callApi('getQueue', { signal }),
  refetchInterval: 2_000,
})

export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: ({ signal }) => callApi('getStats', { signal }),
  refetchInterval: 15_000,
})
