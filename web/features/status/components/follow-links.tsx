/** @file Says which folders outside of a folder its links may lead to, and shows what was skipped because they may not. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import type { SourceReport } from '../../../../src/contract/library.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { refreshLibrary } from '../../../lib/library-queries.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { sourcesQuery } from '../api/status-queries.ts'

interface FollowLinksProps {
  readonly folder: SourceReport & { readonly path: string }
  readonly onClose: () => void
  /** the folder is to be scanned */
  readonly onChanged: () => void
}

export function FollowLinks({ folder, onClose, onChanged }: FollowLinksProps) {
  const client = useQueryClient()
  const field = useId()
  const [text, setText] = useState(folder.follow_links.join('\n'))
  const targets = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const save = useMutation({
    mutationFn: () => callApi('changeSource', { params: { id: folder.id }, body: { follow_links: targets } }),
    onSuccess: ({ follow_links }) => {
      showToast({ text: follow_links.length === 0 ? 'Links out of the folder are skipped.' : 'Links saved. The folder is being scanned.' })
      onClose()
      onChanged()
      void client.invalidateQueries({ queryKey: sourcesQuery.queryKey })
      void refreshLibrary(client)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const { count, examples } = folder.skipped_links
  return (
    <Dialog title="Links out of the folder" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4 text-sm">
        <p>
          Symbolic links in <span className="font-medium wrap-anywhere">{folder.path}</span> that lead somewhere else are skipped. Name the
          folders they may lead to: the pictures there are then indexed as part of this folder.
        </p>
        <label htmlFor={field} className="flex flex-col gap-1.5 text-muted">
          Folders links may lead to (one per line)
          <textarea
            id={field}
            rows={3}
            value={text}
            onChange={(event) => setText(event.target.value)}
            spellCheck={false}
            className="rounded-2xl border border-line bg-surface px-4 py-2 text-[15px] text-ink"
          />
        </label>
        {count > 0 && (
          <div className="text-muted">
            <p>
              {countOf(count, 'link')} skipped in the last scan{count > examples.length ? ', among them:' : ':'}
            </p>
            <ul>
              {examples.map(({ path, target }) => (
                <li key={path} className="wrap-anywhere">
                  {path} → {target}
                </li>
              ))}
            </ul>
          </div>
        )}
        {save.error && <Notice tone="danger">{save.error.message}</Notice>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="solid" disabled={save.isPending || targets.join('\n') === folder.follow_links.join('\n')}>
            {save.isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
