/** @file Accepts what is suggested for every set of a kind, after saying what would happen. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { DuplicateKind } from '../../../../src/contract/words.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatBytes } from '../../../lib/format.ts'
import { sayEdit, undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { refreshDuplicates } from '../api/duplicate-queries.ts'

export function AcceptAll({ kind, onClose }: { readonly kind: DuplicateKind; readonly onClose: () => void }) {
  const client = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['duplicates', 'dry-run', kind],
    queryFn: ({ signal }) => callApi('applyDuplicates', { body: { sets: { kinds: [kind] }, dry_run: true }, signal }),
    gcTime: 0,
  })
  const apply = useMutation({
    mutationFn: () => callApi('applyDuplicates', { body: { sets: { kinds: [kind] } } }),
    onSuccess: async ({ edit, message }) => {
      const undo = edit === null ? undefined : () => undoEdit(edit, client).finally(() => refreshDuplicates(client))
      showToast({ text: `${sayEdit(message)}.`, undo })
      onClose()
      await refreshDuplicates(client)
    },
    onError: (failure) => showToast({ text: failure.message, tone: 'danger' }),
  })
  return (
    <Dialog title="Accept all suggestions of this kind?" onClose={onClose}>
      <div className="flex flex-col gap-4">
        {error && <Notice tone="danger">{error.message}</Notice>}
        {data ? (
          <p>
            Of {countOf(data.sets, 'set')}, {countOf(data.trashed, 'photo')} ({formatBytes(data.bytes)}) would go to the trash and{' '}
            {countOf(data.kept, 'photo')} stay. Tags, categories, favourites and ratings go over to the photo that stays.
            {data.in_place > 0 && ` Files of ${countOf(data.in_place, 'photo')} lie in your folders: they stay there.`} It can be undone.
          </p>
        ) : (
          !error && <p aria-busy="true">Counting what would happen …</p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" disabled={!data || data.trashed === 0 || apply.isPending} onClick={() => apply.mutate()}>
            {data ? `${countOf(data.trashed, 'photo')} to the trash` : 'To the trash'}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
