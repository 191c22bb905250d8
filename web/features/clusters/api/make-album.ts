/** @file Makes an album of what a search finds now, and opens it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FacetsQuery } from '../../../../src/contract/search.ts'
import { refreshAlbums } from '../../../lib/album-queries.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'

export function useMakeAlbum() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: ({ name, search }: { name: string; search: Partial<FacetsQuery> }) =>
      // the server fills in what the page leaves out
      callApi('createAlbum', { body: { name, photos: { search: search as FacetsQuery } } }),
    onSuccess: async (album) => {
      await refreshAlbums(client)
      void navigate({ to: '/albums/$id', params: { id: String(album.id) } })
      showToast({ text: `Album ${album.name} made.` })
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
}
