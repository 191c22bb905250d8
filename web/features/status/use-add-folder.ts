/** @file Adds a folder of the computer that runs fototeca; what is found in it shows up while it is read. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../lib/api-client.ts'
import { refreshLibrary } from '../../lib/library-queries.ts'

export function useAddFolder(onAdded: () => void) {
  const client = useQueryClient()
  // answers when the whole folder was looked through
  const read = useMutation({
    mutationFn: (id: number) => callApi('scanSource', { params: { id }, body: { force: false } }),
    onMutate: () => setTimeout(() => void client.invalidateQueries({ queryKey: ['progress'] }), 500),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['sources'] })
      void refreshLibrary(client)
    },
  })
  const add = useMutation({
    mutationFn: (path: string) => callApi('addSource', { body: { path } }),
    onSuccess: (source) => {
      onAdded()
      read.mutate(source.id)
      void client.invalidateQueries({ queryKey: ['sources'] })
    },
  })
  return { add, read }
}
