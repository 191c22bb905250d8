/** @file Says where a folder lies now. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { ApiError, callApi } from '../../../lib/api-client.ts'
import { refreshLibrary } from '../../../lib/library-queries.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { sourcesQuery } from '../api/status-queries.ts'

interface MoveFolderProps {
  readonly id: number
  readonly path: string
  readonly onClose: () => void
}

export function MoveFolder({ id, path, onClose }: MoveFolderProps) {
  const client = useQueryClient()
  const field = useId()
  const [to, setTo] = useState(path)
  const move = useMutation({
    mutationFn: (force: boolean) => callApi('changeSource', { params: { id }, body: { path: to.trim(), force } }),
    onSuccess: ({ path: now }) => {
      showToast({ text: `Moved to ${now}. Photos keep everything known about them.` })
      onClose()
      void client.invalidateQueries({ queryKey: sourcesQuery.queryKey })
      void refreshLibrary(client)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    move.mutate(false)
  }
  const canForce = move.error instanceof ApiError && move.error.code === 'wrong_folder'
  return (
    <Dialog title="Move folder" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4 text-sm">
        <p>
          Enter where <span className="font-medium wrap-anywhere">{path}</span> is now. No files are moved: fototeca checks that some of the
          known files are there, and reads them from the new path.
        </p>
        <label htmlFor={field} className="flex flex-col gap-1.5 text-muted">
          New path
          <input
            id={field}
            value={to}
            onChange={(event) => setTo(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className="h-10 rounded-full border border-line bg-surface px-4 text-[15px] text-ink"
          />
        </label>
        {move.error && <Notice tone="danger">{move.error.message}</Notice>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          {canForce && (
            <Button onClick={() => move.mutate(true)} disabled={move.isPending}>
              Move anyway
            </Button>
          )}
          <Button type="submit" look="solid" disabled={move.isPending || to.trim() === '' || to.trim() === path}>
            {move.isPending ? 'Checking…' : 'Move folder'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
