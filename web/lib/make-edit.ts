/** @file Makes an edit and gives it a way back: for the photo page, the selection and every other place that changes photos. */
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import type { EditReport, Operation } from '../../src/contract/edits.ts'
import { render } from '../../src/contract/messages/message.ts'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import { countOf } from '../../src/domain/count-of.ts'
import { callApi } from './api-client.ts'
import { photoQuery, refreshLibrary } from './library-queries.ts'
import { showToast } from './toasts.ts'

/** how often an edit of many photos is asked for how far it is */
const ASK_MS = 400

/** Changes these photos and waits until all are changed. */
export async function editPhotos(ids: readonly number[], operations: readonly Operation[], client: QueryClient): Promise<EditReport> {
  const begun = await callApi('makeEdit', { body: { photos: { ids: [...ids] }, operations: [...operations], dry_run: false } })
  return finishEdit(begun, client)
}

/** @returns what came of it, in words */
export async function undoEdit(id: number, client: QueryClient): Promise<string> {
  const report = await finishEdit(await callApi('undoEdit', { params: { id } }), client)
  const kept = report.conflicts === 0 ? '' : ` ${countOf(report.conflicts, 'value')} stayed: something else was decided since.`
  return `Undone.${kept}`
}

/** `Added tag beach` */
export function sayEdit(message: EditReport['message']): string {
  const sentence = render(message)
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

/** `Added tag beach (3 photos).` */
export function tellEdit({ message, changed }: EditReport): string {
  if (changed === 0) return 'Nothing to change: it is so already.'
  const sentence = sayEdit(message)
  return changed === 1 ? `${sentence}.` : `${sentence} (${countOf(changed, 'photo')}).`
}

/** Waits until an edit has changed all its photos, and shows what it changed. */
export async function finishEdit(begun: EditReport, client: QueryClient): Promise<EditReport> {
  let report = begun
  while (report.state === 'running' && report.id !== null) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS))
    report = await callApi('getEdit', { params: { id: report.id } })
  }
  await Promise.all([client.invalidateQueries({ queryKey: ['photo'] }), client.invalidateQueries({ queryKey: ['edits'] })])
  void client.invalidateQueries({ queryKey: ['search'] })
  void refreshLibrary(client)
  return report
}

/** Edits of the photo that is looked at; refused when somebody else has changed it meanwhile, and shown anew then. */
export function useEditPhoto(photo: PhotoDetail) {
  const client = useQueryClient()
  const mutation = useMutation({
    mutationFn: async (operations: readonly Operation[]) => {
      const body = { photos: { ids: [photo.id] }, operations: [...operations], dry_run: false, version: photo.version }
      return finishEdit(await callApi('makeEdit', { body }), client)
    },
    onSuccess: (report) => {
      const { id } = report
      showToast({ text: tellEdit(report), undo: id === null || report.changed === 0 ? undefined : () => undoEdit(id, client) })
    },
    onError: (error) => {
      showToast({ text: error.message, tone: 'danger' })
      void client.invalidateQueries({ queryKey: photoQuery(photo.id).queryKey })
    },
  })
  return { edit: (...operations: Operation[]) => mutation.mutate(operations), isPending: mutation.isPending }
}

export type EditPhoto = ReturnType<typeof useEditPhoto>
