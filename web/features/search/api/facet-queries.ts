/** @file What the filters offer: people with counts. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => callApi('listPeople', { signal }),
  staleTime: 60_000,
})
