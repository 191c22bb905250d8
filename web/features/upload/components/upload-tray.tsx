/** @file The tray of uploads at the lower edge: progress, what came of each file, and another try. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Check, ChevronDown, Copy, RotateCw, TriangleAlert, X } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatBytes, formatDay } from '../../../lib/format.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import type { Upload, UploadStore } from '../upload-store.ts'
import { useUploads } from './upload-provider.tsx'

const ROW = 52
const CHECK_MS = 2000
const CHECKED_AT_ONCE = 50

export function UploadTray() {
  const { store, uploads } = useUploads()
  useChecks(store, uploads)
  const [open, setOpen] = useState(true)
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: uploads.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 5,
  })
  if (uploads.length === 0) return null
  const count = countStates(uploads)
  const busy = count.waiting + count.sending > 0
  const again = uploads.some((upload) => upload.state.kind === 'refused' && upload.state.again)
  return (
    <section
      aria-label="Uploads"
      className="fixed right-4 bottom-4 z-30 flex max-desk:bottom-18 w-[min(23rem,calc(100vw-2rem))] flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-xl"
    >
      <div className="flex items-center gap-1 py-1.5 pr-1.5 pl-4">
        <p aria-live="polite" className="min-w-0 flex-1 truncate text-sm font-medium">
          {busy ? `Adding ${countOf(uploads.length, 'picture')}, ${count.waiting + count.sending} to go` : summarise(count)}
        </p>
        {again && !busy && (
          <IconButton label="Try the failed ones again" onClick={() => store.retry()}>
            <RotateCw className="size-4" aria-hidden />
          </IconButton>
        )}
        <IconButton label={open ? 'Fold the list' : 'Unfold the list'} aria-expanded={open} onClick={() => setOpen(!open)}>
          <ChevronDown className={`size-4 transition-transform ${open ? '' : 'rotate-180'}`} aria-hidden />
        </IconButton>
        {busy ? (
          <Button look="plain" onClick={store.cancel}>
            Stop
          </Button>
        ) : (
          <IconButton label="Close the uploads" onClick={store.clear}>
            <X className="size-4" aria-hidden />
          </IconButton>
        )}
      </div>
      {busy && <Bar share={shareOf(uploads)} />}
      <div ref={scroller} className={`scrollbar-thin overflow-y-auto border-t border-line ${open ? 'max-h-72' : 'hidden'}`}>
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const upload = uploads[item.index]
            return upload ? (
              <li key={upload.key} className="absolute inset-x-0" style={{ top: item.start, height: ROW }}>
                <UploadLine upload={upload} onRetry={() => store.retry(upload.key)} />
              </li>
            ) : null
          })}
        </ul>
      </div>
    </section>
  )
}

/** Asks what became of added photos until each was opened: a damaged file is taken in and fails later. */
function useChecks(store: UploadStore, uploads: readonly Upload[]): void {
  const ids = uploads.flatMap(({ state }) => (state.kind === 'added' && !state.isChecked ? [state.id] : [])).slice(0, CHECKED_AT_ONCE)
  useQuery({
    queryKey: ['uploaded', ids],
    queryFn: async ({ signal }) => {
      const { photos } = await callApi('listPhotos', { query: { ids, limit: CHECKED_AT_ONCE }, signal })
      store.markChecked(photos)
      return photos.length
    },
    enabled: ids.length > 0,
    refetchInterval: CHECK_MS,
    gcTime: 0,
  })
}

function UploadLine({ upload, onRetry }: { readonly upload: Upload; readonly onRetry: () => void }) {
  const { state } = upload
  return (
    <div className={`relative flex h-full items-center gap-3 px-4 ${'id' in state ? 'hover:bg-raised' : ''}`}>
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm" title={upload.name}>
          {upload.name}
        </p>
        {state.kind === 'sending' ? (
          <Bar share={state.share} />
        ) : (
          <p className={`truncate text-xs ${isBad(state) ? 'text-danger' : 'text-muted'}`} title={describe(upload)}>
            {describe(upload)}
          </p>
        )}
      </div>
      <Outcome upload={upload} onRetry={onRetry} />
    </div>
  )
}

function Outcome({ upload, onRetry }: { readonly upload: Upload; readonly onRetry: () => void }): ReactNode {
  const { state } = upload
  switch (state.kind) {
    case 'added':
    case 'unreadable':
    case 'duplicate': {
      const Icon = { added: Check, unreadable: TriangleAlert, duplicate: Copy }[state.kind]
      return (
        <Link
          to="/photo/$id"
          params={{ id: String(state.id) }}
          aria-label={`Show ${upload.name}`}
          // the whole line opens the photo, a broken one too: there it says what can be done
          className={`rounded-full p-2 after:absolute after:inset-0 ${state.kind === 'unreadable' ? 'text-danger' : 'text-accent'}`}
        >
          <Icon className="size-4" aria-hidden />
        </Link>
      )
    }
    case 'deleted':
      return <BringBack upload={upload} id={state.id} />
    case 'refused':
      return state.again ? (
        <IconButton label={`Try ${upload.name} again`} onClick={onRetry}>
          <RotateCw className="size-4" aria-hidden />
        </IconButton>
      ) : null
    default:
      return null
  }
}

function BringBack({ upload, id }: { readonly upload: Upload; readonly id: number }) {
  const { store } = useUploads()
  const client = useQueryClient()
  const work = useMutation({
    mutationFn: () => callApi('restoreTrash', { body: { ids: [id] } }),
    onSuccess: () => {
      store.markBack(upload.key)
      void client.invalidateQueries({ queryKey: ['trash'] })
      void client.invalidateQueries({ queryKey: ['photo', id] })
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  return (
    <Button
      look="plain"
      disabled={work.isPending}
      onClick={() => work.mutate()}
      aria-label={`Restore ${upload.name}`}
      className="h-8! shrink-0 px-3!"
    >
      Restore
    </Button>
  )
}

function Bar({ share }: { readonly share: number }) {
  return (
    <div
      className="mt-1 h-1 w-full overflow-hidden rounded-full bg-raised"
      role="progressbar"
      aria-valuenow={Math.round(share * 100)}
      aria-label="Sent"
    >
      <div className="h-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
    </div>
  )
}

function describe({ state, bytes }: Upload): string {
  switch (state.kind) {
    case 'waiting':
      return `${formatBytes(bytes)}, waiting`
    case 'sending':
      return `${formatBytes(bytes)}, sending`
    case 'added':
      return `${formatBytes(bytes)}, added`
    case 'duplicate':
      return 'already in the library'
    case 'deleted':
      return `you deleted it on ${formatDay(state.at.slice(0, 10))}; it is in the trash`
    case 'unreadable':
    case 'refused':
      return state.reason
  }
}

const isBad = ({ kind }: Upload['state']): boolean => kind === 'refused' || kind === 'unreadable'

type Counts = Record<Upload['state']['kind'], number>

function countStates(uploads: readonly Upload[]): Counts {
  const counts: Counts = { waiting: 0, sending: 0, added: 0, duplicate: 0, deleted: 0, unreadable: 0, refused: 0 }
  for (const upload of uploads) counts[upload.state.kind] += 1
  return counts
}

function summarise(count: Counts): string {
  const parts = [
    count.added > 0 ? `${count.added} added` : '',
    count.duplicate > 0 ? `${count.duplicate} already there` : '',
    count.deleted > 0 ? `${count.deleted} in the trash` : '',
    count.unreadable > 0 ? `${count.unreadable} unreadable` : '',
    count.refused > 0 ? `${count.refused} refused` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function shareOf(uploads: readonly Upload[]): number {
  const all = uploads.reduce((sum, upload) => sum + upload.bytes, 0)
  const sent = uploads.reduce(
    (sum, { state, bytes }) => sum + (state.kind === 'sending' ? bytes * state.share : state.kind === 'waiting' ? 0 : bytes),
    0,
  )
  return all === 0 ? 1 : sent / all
}
