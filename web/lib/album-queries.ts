/** @file The queries of albums, and what to do when one changed. Shared by the album pages, the selection and the search page. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import type { AlbumChange } from '../../src/contract/albums.ts'
import { countOf } from '../../src/domain/count-of.ts'
import { callApi } from './api-client.ts'
import { undoEdit } from './make-edit.ts'

export const ALBUM_PAGE = 60

export const albumsQuery = queryOptions({
  queryKey: ['albums'],
  queryFn: ({ signal }) => callApi('listAlbums', { signal }),
  staleTime: 10_000,
})

export const albumPhotosQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['albums', id, 'photos'],
    queryFn: ({ signal, pageParam }) =>
      callApi('listAlbumPhotos', {
        params: { id },
        query: { limit: ALBUM_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 10_000,
  })

/** Marks what shows albums as old. */
export async function refreshAlbums(client: QueryClient): Promise<void> {
  await Promise.all([['albums'], ['photo'], ['search']].map((queryKey) => client.invalidateQueries({ queryKey })))
}

/** How a change is told, with its way back. */
export function tellAlbumChange(text: string, { edit, changed, asked }: AlbumChange, client: QueryClient) {
  const already = changed < asked ? ` ${countOf(asked - changed, 'photo')} needed no change.` : ''
  return {
    message: `${text} (${countOf(changed, 'photo')}).${already}`,
    ...(edit === null ? {} : { undo: () => undoEdit(edit, client).finally(() => refreshAlbums(client)) }),
  }
}
