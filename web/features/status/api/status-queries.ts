/** @file What the status panel reads besides progress and health. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => callApi('listSources', { signal }),
})

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => callApi('listModels', { signal }),
  refetchInterval: (query) => (query.state.data?.models.some((model) => model.state === 'downloading') ? 1_500 : false),
})
