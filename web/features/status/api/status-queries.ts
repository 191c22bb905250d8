/** @file What the status panel reads besides progress and health. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => callApi('listSources', { signal }),
})

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => callApi('listSessions', { signal }),
})

export const verifyQuery = queryOptions({
  queryKey: ['verify'],
  queryFn: ({ signal }) => callApi('getVerify', { signal }),
  refetchInterval: (query) => (query.state.data?.pass ? 1_000 : 8_000),
})

export const backupQuery = queryOptions({
  queryKey: ['backup'],
  queryFn: ({ signal }) => callApi('getBackup', { signal }),
  refetchInterval: (query) => (query.state.data?.state === 'running' ? 1_000 : 8_000),
})
