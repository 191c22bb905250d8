/** @file The words of the vocabulary by pages, and changes of them with their way back. */
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { VocabularyChange, WordKind } from '../../../../src/contract/vocabulary.ts'
import { callApi } from '../../../lib/api-client.ts'
import { sayEdit, undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'

const PAGE = 60

export const wordsQuery = (q: string, show: WordKind) =>
  infiniteQueryOptions({
    queryKey: ['vocabulary', q, show],
    queryFn: ({ pageParam, signal }) => callApi('listWords', { query: { q, show, skip: pageParam, limit: PAGE }, signal }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, page) => sum + page.words.length, 0)
      return seen < last.total ? seen : undefined
    },
  })

/** Makes a change and shows what was done, with its undo. */
export function useChangeWords(onDone: () => void = () => {}) {
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ['vocabulary'] })
  return useMutation({
    mutationFn: (change: () => Promise<VocabularyChange>) => change(),
    onSuccess: async ({ edit }) => {
      await Promise.all([refresh(), client.invalidateQueries({ queryKey: ['health'] })])
      const id = edit?.id ?? null
      const undo = async () => {
        const text = await undoEdit(id ?? 0, client)
        await refresh()
        return text
      }
      const done = edit === null ? 'Nothing to change: it is so already' : sayEdit(edit.message)
      showToast({ text: `${done}.`, undo: id === null ? undefined : undo })
      onDone()
    },
  })
}
