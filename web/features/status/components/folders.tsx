/** @file The folders photos come from: what is in each, what is off, and what can be done with it. */
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { EllipsisVertical } from 'lucide-react'
import { useId, useState } from 'react'
import type { SourceReport } from '../../../../src/contract/library.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { progressQuery } from '../../../lib/library-queries.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { sourcesQuery } from '../api/status-queries.ts'
import { AddFolder } from './add-folder.tsx'
import { FollowLinks } from './follow-links.tsx'
import { MoveFolder } from './move-folder.tsx'
import { RemoveFolder } from './remove-folder.tsx'

export function Folders() {
  const { data } = useQuery(sourcesQuery)
  const folders = data?.sources.flatMap((source) => (source.path === null ? [] : [{ ...source, path: source.path }])) ?? []
  return (
    <>
      {folders.map((folder) => (
        <Folder key={folder.id} folder={folder} />
      ))}
      <details className="text-sm">
        <summary className="w-fit rounded-full text-accent">Add a folder</summary>
        <div className="pt-2">
          <AddFolder label="A folder of the computer that runs fototeca; nothing in it is changed." />
        </div>
      </details>
    </>
  )
}

interface FolderProps {
  readonly folder: SourceReport & { readonly path: string }
}

function Folder({ folder }: FolderProps) {
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [dialog, setDialog] = useState<'move' | 'links' | 'remove' | null>(null)
  const id = useId()
  const isPaused = folder.paused_at !== null
  const scan = useMutation({
    mutationFn: (force: boolean) => callApi('scanSource', { params: { id: folder.id }, body: { force } }),
    onSettled: () => refreshSources(client),
  })
  const pause = useMutation({
    mutationFn: () => callApi('changeSource', { params: { id: folder.id }, body: { paused: !isPaused } }),
    onSettled: () => refreshSources(client),
  })
  const error = scan.error ?? pause.error
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 text-sm">
          <span className="block wrap-anywhere">{folder.path}</span>
          <span className="text-xs text-muted">
            {isPaused && <span className="text-warn">Paused · </span>}
            {countOf(folder.photos, 'photo')}
            {folder.missing > 0 ? `, ${formatCount(folder.missing)} missing` : ''}
          </span>
        </p>
        <IconButton label={`Actions for ${folder.path}`} aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          <EllipsisVertical className="size-4" aria-hidden />
        </IconButton>
      </div>
      {isOpen && (
        <fieldset id={id} aria-label={`Actions for ${folder.path}`} className="flex flex-wrap gap-2">
          {!isPaused && (
            <Button onClick={() => scan.mutate(false)} disabled={scan.isPending} className="h-8! px-3!">
              {scan.isPending ? 'Scanning…' : 'Scan now'}
            </Button>
          )}
          <Button onClick={() => pause.mutate()} disabled={pause.isPending} className="h-8! px-3!">
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
          <Button onClick={() => setDialog('move')} className="h-8! px-3!">
            Move…
          </Button>
          <Button onClick={() => setDialog('links')} className="h-8! px-3!">
            Links…
          </Button>
          <Button onClick={() => setDialog('remove')} className="h-8! px-3!">
            Remove…
          </Button>
        </fieldset>
      )}
      {folder.notice && !isPaused && (
        <Notice
          tone="warn"
          action={
            folder.unconfirmed !== null && (
              <Button onClick={() => scan.mutate(true)} disabled={scan.isPending} className="h-8! px-3!">
                Mark as missing
              </Button>
            )
          }
        >
          {folder.notice}
        </Notice>
      )}
      {error && <Notice tone="danger">{error.message}</Notice>}
      {dialog === 'move' && <MoveFolder id={folder.id} path={folder.path} onClose={() => setDialog(null)} />}
      {dialog === 'links' && (
        <FollowLinks folder={folder} onClose={() => setDialog(null)} onChanged={() => !isPaused && scan.mutate(false)} />
      )}
      {dialog === 'remove' && <RemoveFolder id={folder.id} path={folder.path} onClose={() => setDialog(null)} />}
    </div>
  )
}

function refreshSources(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: sourcesQuery.queryKey })
  void client.invalidateQueries({ queryKey: progressQuery.queryKey })
}
