/** @file What failed, and trying it again. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'

export const failuresQuery = queryOptions({
  queryKey: ['failures'],
  queryFn: ({ signal }) => callApi('listFailures', { signal }),
  // what is tried again fails again, or not, while one looks
  refetchInterval: 5_000,
})

/** The newest; a library in order has none. */
export const fileProblemsQuery = queryOptions({
  queryKey: ['file-problems'],
  queryFn: ({ signal }) => callApi('listFileProblems', { query: { limit: 50 }, signal }),
  refetchInterval: 10_000,
})
