/** @file Asks what becomes of a folder’s photos, says what will happen, and removes it; with a way back. */
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RemovedSource } from '../../../../src/contract/library.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { refreshLibrary } from '../../../lib/library-queries.ts'
import { finishEdit, undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { sourcesQuery } from '../api/status-queries.ts'

type Choice = 'trash' | 'missing'
const CHOICES: readonly { readonly value: Choice; readonly label: string; readonly tell: (photos: string) => string }[] = [
  {
    value: 'trash',
    label: 'Move its photos to the trash',
    tell: (photos) => `${photos} will move to the trash. Restore them within 30 days, or undo to bring back the folder too.`,
  },
  {
    value: 'missing',
    label: 'Keep its photos, marked as missing',
    tell: (photos) => `${photos} will stay with everything known about them, but the originals cannot be opened.`,
  },
]

interface RemoveFolderProps {
  readonly id: number
  readonly path: string
  readonly onClose: () => void
}

export function RemoveFolder({ id, path, onClose }: RemoveFolderProps) {
  const client = useQueryClient()
  const [choice, setChoice] = useState<Choice>('trash')
  const counted = useQuery({
    queryKey: ['sources', id, 'removal', choice],
    queryFn: ({ signal }) => callApi('removeSource', { params: { id }, query: { photos: choice, dry_run: 'true' }, signal }),
    gcTime: 0,
  })
  const remove = useMutation({
    mutationFn: async () => {
      const removed = await callApi('removeSource', { params: { id }, query: { photos: choice } })
      if (removed.edit !== null) await finishEdit(await callApi('getEdit', { params: { id: removed.edit } }), client)
      return removed
    },
    onSuccess: (removed) => {
      showToast({ text: `Removed ${path}.`, undo: () => takeBack(removed, path, client) })
      onClose()
      void refresh(client)
    },
  })
  const error = remove.error ?? counted.error
  return (
    <Dialog title="Remove folder?" onClose={onClose}>
      <div className="flex flex-col gap-4 text-sm">
        <p>
          <span className="font-medium wrap-anywhere">{path}</span> will no longer be part of the library. No files are deleted from the
          disk.
        </p>
        <fieldset className="flex flex-col gap-3">
          <legend className="sr-only">Photos of this folder</legend>
          {CHOICES.map(({ value, label, tell }) => (
            <label key={value} className="flex items-start gap-2.5">
              <input
                type="radio"
                name="photos"
                checked={choice === value}
                onChange={() => setChoice(value)}
                className="mt-1 accent-(--accent)"
              />
              <span>
                <span className="font-medium">{label}</span>
                {choice === value && counted.data && (
                  <span className="block text-muted">
                    {tell(countOf(counted.data.photos, 'photo'))}
                    {counted.data.elsewhere > 0 && ` ${countOf(counted.data.elsewhere, 'photo')} also in another folder will stay.`}
                  </span>
                )}
              </span>
            </label>
          ))}
        </fieldset>
        {error && <Notice tone="danger">{error.message}</Notice>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" disabled={remove.isPending || !counted.data} onClick={() => remove.mutate()}>
            {remove.isPending ? 'Removing…' : 'Remove folder'}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

/** @returns what came of it, in words */
async function takeBack({ edit }: RemovedSource, path: string, client: QueryClient): Promise<string> {
  if (edit !== null) await undoEdit(edit, client)
  else await callApi('addSource', { body: { path } })
  await refresh(client)
  return `${path} is back.`
}

async function refresh(client: QueryClient): Promise<void> {
  await Promise.all([client.invalidateQueries({ queryKey: sourcesQuery.queryKey, exact: true }), refreshLibrary(client)])
}
