/** @file People, one person with their faces, the questions; and the actions, each with its way back. */
import { infiniteQueryOptions, type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { PeopleAction, PeopleActionReport, PeopleQuery } from '../../../../src/contract/people.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { sayEdit, undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'

const FACES = 60

export const peopleListQuery = (show: PeopleQuery['show'], minFaces = 3) =>
  queryOptions({
    queryKey: ['people', show, minFaces],
    queryFn: ({ signal }) => callApi('listPeople', { query: { show, min_faces: minFaces }, signal }),
    staleTime: 10_000,
  })

export const personQuery = (id: number) =>
  queryOptions({ queryKey: ['people', 'one', id], queryFn: ({ signal }) => callApi('getPerson', { params: { id }, signal }) })

export const personFacesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['people', 'faces', id],
    queryFn: ({ pageParam, signal }) => callApi('listPersonFaces', { params: { id }, query: { skip: pageParam, limit: FACES }, signal }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const shown = all.reduce((sum, { faces }) => sum + faces.length, 0)
      return shown < last.total && last.faces.length > 0 ? shown : undefined
    },
  })

export const questionsQuery = queryOptions({
  queryKey: ['people', 'questions'],
  queryFn: ({ signal }) => callApi('listQuestions', { query: { limit: 50 }, signal }),
})

export async function refreshPeople(client: QueryClient): Promise<void> {
  await Promise.all([['people'], ['photo'], ['edits']].map((queryKey) => client.invalidateQueries({ queryKey })))
}

/** One line for what came of an action, with its undo. */
export function tellAction({ edit }: PeopleActionReport, client: QueryClient): void {
  if (edit === null) {
    showToast({ text: 'Nothing to change: it is so already.' })
    return
  }
  const { id, message, conflicts } = edit
  const left = conflicts === 0 ? '' : ` ${countOf(conflicts, 'face')} left alone: somebody moved them meanwhile.`
  const undo = id === null ? undefined : () => undoEdit(id, client).finally(() => refreshPeople(client))
  showToast({ text: `${sayEdit(message)}.${left}`, undo })
}

export function usePeopleAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (action: PeopleAction) => callApi('actOnPeople', { body: action }),
    onSuccess: async (report) => {
      tellAction(report, client)
      await refreshPeople(client)
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
}
