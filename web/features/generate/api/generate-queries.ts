/** @file What can be made, and runs; a run is asked again while it is being worked on. */
import { queryOptions } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'

const RUNS = 20

export const generationOptionsQuery = queryOptions({
  queryKey: ['generations', 'options'],
  queryFn: ({ signal }) => callApi('getGenerationOptions', { signal }),
})

export const generationsQuery = queryOptions({
  queryKey: ['generations', 'runs'],
  queryFn: ({ signal }) => callApi('listGenerations', { query: { limit: RUNS }, signal }),
  refetchInterval: (query) => (query.state.data?.generations.some(({ state }) => state === 'running') ? 1_000 : false),
})

/** The newest photos, to pick from. */
export const pickablePhotosQuery = queryOptions({
  queryKey: ['generations', 'pickable'],
  queryFn: ({ signal }) => callApi('listPhotos', { query: { limit: 60 }, signal }),
  // of what could not be read no picture can be made
  select: ({ photos }) => ({ photos: photos.filter(({ state }) => state !== 'failed') }),
})
