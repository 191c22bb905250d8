/** @file The page `/trash`: what was thrown away, the way back, and emptying. Files in folders are never deleted from here. */
import { infiniteQueryOptions, type QueryClient, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { TrashReport } from '../../../../src/contract/trash.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import { formatBytes, formatDay } from '../../../lib/format.ts'
import { refreshLibrary } from '../../../lib/library-queries.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'

const trashQuery = infiniteQueryOptions({
  queryKey: ['trash'],
  queryFn: ({ pageParam, signal }) => callApi('getTrash', { query: { after: pageParam, limit: 100 }, signal }),
  initialPageParam: undefined as number | undefined,
  getNextPageParam: (last) => last.next ?? undefined,
})

async function refresh(client: QueryClient): Promise<void> {
  await Promise.all([['trash'], ['duplicates'], ['edits']].map((queryKey) => client.invalidateQueries({ queryKey })))
  void client.invalidateQueries({ queryKey: ['search'] })
  void refreshLibrary(client)
}

export function TrashPage() {
  const client = useQueryClient()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(trashQuery)
  const [emptying, setEmptying] = useState(false)
  const restore = useMutation({
    mutationFn: (ids: number[] | undefined) => callApi('restoreTrash', { body: ids ? { ids } : {} }),
    onSuccess: async ({ restored }) => {
      showToast({ text: `${countOf(restored, 'photo')} restored.` })
      await refresh(client)
    },
    onError: (failure) => showToast({ text: failure.message, tone: 'danger' }),
  })
  const photos = data?.pages.flatMap((page) => page.photos) ?? []
  const total = data?.pages[0]?.total ?? 0
  const bytes = data?.pages[0]?.bytes ?? 0
  return (
    <Page
      title="Trash"
      count={total > 0 && countOf(total, 'photo')}
      about="Deleted photos stay here for 30 days. Files in your folders stay where they are."
      actions={
        total > 0 && (
          <>
            <Button disabled={restore.isPending} onClick={() => restore.mutate(undefined)}>
              <RotateCcw className="size-4" aria-hidden />
              Restore all
            </Button>
            <Button onClick={() => setEmptying(true)}>
              <Trash2 className="size-4" aria-hidden />
              Empty trash…
            </Button>
          </>
        )
      }
    >
      {error && <Notice tone="danger">{error.message}</Notice>}
      {data && total === 0 && (
        <EmptyState icon={<Trash2 className="size-7" aria-hidden />} title="The trash is empty">
          <Link to="/" className={LINK_BUTTON}>
            All photos
          </Link>
        </EmptyState>
      )}
      <ul aria-label="Photos in the trash" className="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-3">
        {photos.map((one) => (
          <Thrown key={one.photo.id} thrown={one} isBusy={restore.isPending} onRestore={() => restore.mutate([one.photo.id])} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className="self-center" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
      {emptying && <Emptying total={total} bytes={bytes} onClose={() => setEmptying(false)} />}
    </Page>
  )
}

interface ThrownProps {
  readonly thrown: TrashReport['photos'][number]
  readonly isBusy: boolean
  readonly onRestore: () => void
}

function Thrown({ thrown: { photo, deleted_on, in_place }, isBusy, onRestore }: ThrownProps) {
  return (
    <li className="flex flex-col gap-1.5">
      <Link to="/photo/$id" params={{ id: String(photo.id) }} className="block aspect-square overflow-hidden rounded-lg bg-tile">
        {photo.width !== null && (
          <img src={pictureUrl('getThumbnail', photo)} alt={photo.filename} loading="lazy" className="size-full object-cover" />
        )}
      </Link>
      <p className="truncate text-sm" title={photo.filename}>
        {photo.filename}
      </p>
      <p className="text-xs text-muted">{in_place ? 'its file stays' : deleted_on && `until ${formatDay(deleted_on.slice(0, 10))}`}</p>
      <Button disabled={isBusy} onClick={onRestore}>
        <RotateCcw className="size-4" aria-hidden />
        Restore
      </Button>
    </li>
  )
}

interface EmptyingProps {
  readonly total: number
  readonly bytes: number
  readonly onClose: () => void
}

function Emptying({ total, bytes, onClose }: EmptyingProps) {
  const client = useQueryClient()
  const empty = useMutation({
    mutationFn: () => callApi('emptyTrash', { body: {} }),
    onSuccess: async ({ deleted, bytes: freed, problems }) => {
      showToast({ text: [`${countOf(deleted, 'photo')} deleted, ${formatBytes(freed)} freed.`, ...problems].join(' ') })
      onClose()
      await refresh(client)
    },
    onError: (failure) => showToast({ text: failure.message, tone: 'danger' }),
  })
  return (
    <Dialog title="Empty the trash?" onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p>
          {countOf(total, 'photo')} will be gone for good; {formatBytes(bytes)} of uploaded pictures are deleted. Files in your folders stay
          where they are.
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" disabled={empty.isPending} onClick={() => empty.mutate()}>
            Empty the trash
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
