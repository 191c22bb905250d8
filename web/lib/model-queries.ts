/** @file Models and spaces, read again and again while something moves. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from './api-client.ts'

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => callApi('listModels', { signal }),
  refetchInterval: (query) =>
    query.state.data?.models.some(({ state }) => state === 'downloading' || state === 'filling') ? 1_500 : false,
})

export const spacesQuery = queryOptions({
  queryKey: ['spaces'],
  queryFn: ({ signal }) => callApi('listSpaces', { signal }),
  refetchInterval: (query) => (query.state.data?.spaces.some(({ state }) => state === 'filling') ? 1_500 : false),
})

/** A few photos to try a model on. */
export const latestPhotosQuery = queryOptions({
  queryKey: ['latest-photos'],
  queryFn: ({ signal }) => callApi('listPhotos', { query: { limit: 12 }, signal }),
})
