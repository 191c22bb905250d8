/** @file What can be made, and runs; a run is asked again while it is being worked on. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
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

const PAGE = 60

/** Photos to pick from, page by page: the newest, or what the words find. */
export const pickablePhotosQuery = (words: string) =>
  infiniteQueryOptions({
    queryKey: ['generations', 'pickable', words],
    queryFn: async ({ signal, pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }
      if (words === '') {
        const { photos, next } = await callApi('listPhotos', { query, signal })
        return { photos, next }
      }
      const { hits, next } = await callApi('search', { query: { ...query, q: words }, signal })
      return { photos: hits.map(({ photo }) => photo), next }
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
