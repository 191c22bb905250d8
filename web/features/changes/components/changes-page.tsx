/** @file The page `/settings/changes`: what persons changed, newest first, each to be undone. */
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { History, Undo2 } from 'lucide-react'
import type { EditReport } from '../../../../src/contract/edits.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { sayEdit, undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'

const PAGE = 100

const editsQuery = infiniteQueryOptions({
  queryKey: ['edits'],
  queryFn: ({ pageParam, signal }) => callApi('listEdits', { query: { skip: pageParam, limit: PAGE }, signal }),
  initialPageParam: 0,
  getNextPageParam: (last, pages) => (last.edits.length === PAGE ? pages.length * PAGE : undefined),
  refetchInterval: (query) => (query.state.data?.pages.some(({ edits }) => edits.some((edit) => edit.state === 'running')) ? 1_000 : false),
})

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

export function ChangesPage() {
  const client = useQueryClient()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(editsQuery)
  const edits = data?.pages.flatMap((page) => page.edits)
  const undo = useMutation({
    mutationFn: (id: number) => undoEdit(id, client),
    onSuccess: (text) => {
      showToast({ text })
      // whatever page shows it: people, albums, sets of duplicates, …
      void client.invalidateQueries()
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  return (
    <Page title="Changes" about="What people changed, newest first." width="text">
      {error && <Notice tone="danger">{error.message}</Notice>}
      {edits?.length === 0 && (
        <EmptyState icon={<History className="size-7" aria-hidden />} title="Nothing was changed by hand yet">
          <p className="text-muted">What you change of photos, people, duplicates, albums and clusters stands here, each with its undo.</p>
        </EmptyState>
      )}
      <ul className="flex flex-col divide-y divide-line rounded-2xl border border-line bg-surface empty:hidden">
        {edits?.map((edit) => (
          <li key={edit.id} className="flex items-center justify-between gap-3 px-4 py-3">
            <div className="min-w-0">
              <p className="text-sm wrap-anywhere">{sayEdit(edit.message)}</p>
              <p className="text-xs text-muted tabular-nums">{describeEdit(edit)}</p>
            </div>
            {edit.undo_of === null && edit.undone_by === null && edit.state === 'done' && (edit.changed > 0 || edit.area !== 'photos') && (
              <Button
                disabled={undo.isPending}
                onClick={() => edit.id !== null && undo.mutate(edit.id)}
                aria-label={`Undo: ${sayEdit(edit.message)}`}
              >
                <Undo2 className="size-4" aria-hidden />
                Undo
              </Button>
            )}
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button className="self-center" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </Page>
  )
}

function describeEdit({ area, made_at, state, changed, looked_at, photos, conflicts, undone_by }: EditReport): string {
  const parts = [
    made_at === null ? '' : when.format(new Date(made_at)),
    state === 'running'
      ? `${looked_at} of ${countOf(photos, 'photo')}`
      : changed === 0 && area !== 'photos'
        ? ''
        : `${countOf(changed, area === 'products' ? 'product picture' : 'photo')} changed`,
    conflicts === 0 ? '' : `${countOf(conflicts, 'value')} left as they were`,
    undone_by === null ? '' : 'undone',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}
