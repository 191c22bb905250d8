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
  // never still: the space of a model that was just chosen comes with its first vector
  refetchInterval: (query) => (query.state.data?.spaces.some(({ state, owed }) => state === 'filling' || owed > 0) ? 1_500 : 8_000),
})

/** A few photos to try a model on. */
export const latestPhotosQuery = queryOptions({
  queryKey: ['latest-photos'],
  queryFn: ({ signal }) => callApi('listPhotos', { query: { limit: 12 }, signal }),
})
