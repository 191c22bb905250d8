/** @file The queries several features read: progress, days, the photos of a day, one photo, categories, health. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { callApi } from './api-client.ts'
import { CHUNK } from './chunk.ts'

export const progressQuery = queryOptions({
  queryKey: ['progress'],
  queryFn: ({ signal }) => callApi('getProgress', { signal }),
  // live while there is work, quiet when there is none
  refetchInterval: (query) => {
    const progress = query.state.data
    if (query.state.status === 'error') return 5_000
    return progress && (progress.due > 0 || progress.scanning.length > 0) ? 1_500 : 8_000
  },
})

export const daysQuery = queryOptions({
  queryKey: ['days'],
  queryFn: ({ signal }) => callApi('listDays', { signal }),
  staleTime: 10_000,
})

/** One chunk of one day’s photos. */
export const dayChunkQuery = (day: string, chunk: number) =>
  queryOptions({
    queryKey: ['day', day, chunk],
    queryFn: ({ signal }) => callApi('listPhotos', { query: { day, skip: chunk * CHUNK, limit: CHUNK }, signal }),
    staleTime: 30_000,
    gcTime: 120_000,
  })

export const photoQuery = (id: number) =>
  queryOptions({
    queryKey: ['photo', id],
    queryFn: ({ signal }) => callApi('getPhoto', { params: { id }, signal }),
    staleTime: 10_000,
    // facts arrive while the photo is worked on
    refetchInterval: (query) => (query.state.data?.steps.some((step) => step.state === 'due' || step.state === 'running') ? 2_500 : false),
  })

/** Asked again while photos follow a changed category. */
export const categoriesQuery = queryOptions({
  queryKey: ['categories'],
  queryFn: ({ signal }) => callApi('listCategories', { signal }),
  staleTime: 60_000,
  refetchInterval: (query) => (query.state.data?.categories.some((category) => category.is_updating) ? 1_000 : false),
})

export const healthQuery = queryOptions({ queryKey: ['health'], queryFn: ({ signal }) => callApi('getHealth', { signal }) })

/** Marks what the library shows as old, after photos came in or were finished. */
export async function refreshLibrary(client: QueryClient): Promise<void> {
  const keys = [['days'], ['day'], ['progress'], ['categories'], ['people'], ['place'], ['neighbours'], ['around']]
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })))
}
