/** @file One run: its pictures as they come, why some are not there, ZIP and cancel. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download, RotateCcw } from 'lucide-react'
import type { GeneratedImage, Generation } from '../../../../src/contract/generate.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { generationsQuery } from '../api/generate-queries.ts'
import { GoOn } from './go-on.tsx'

const REVIEWS = { open: '', held: 'Needs review', approved: 'Approved', rejected: 'Rejected' } as const
const SOURCES = { there: '', trashed: 'Its photo is in the trash', deleted: 'Its photo was deleted', none: '' } as const
const STATES = { due: 'Waits', running: 'Is being made', done: '', failed: 'Not made', cancelled: 'Cancelled' } as const

interface RunCardProps {
  readonly run: Generation
  readonly open: number | null
  readonly onOpen: (image: GeneratedImage) => void
}

export function RunCard({ run, open, onOpen }: RunCardProps) {
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => callApi('cancelGeneration', { params: { id: run.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: generationsQuery.queryKey }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const again = useMutation({
    mutationFn: (id: number) => callApi('redoGenerated', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: generationsQuery.queryKey }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  return (
    <section aria-label={`Run ${run.id}`} className="flex flex-col gap-3 rounded-2xl border border-line bg-surface p-4 sm:p-5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p aria-live="polite" className="text-sm">
          <span className="font-semibold">Run {run.id}</span>: {run.done} of {run.images.length} made
          {run.failed > 0 && `, ${run.failed} not`}
        </p>
        <div className="flex gap-2">
          {(run.state === 'running' || run.state === 'budget') && (
            <Button disabled={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel
            </Button>
          )}
          {run.zip && (
            <a
              href={run.zip}
              download
              className="inline-flex h-9 items-center gap-2 rounded-full bg-raised px-4 text-sm font-medium hover:bg-line"
            >
              <Download className="size-4" aria-hidden /> ZIP
            </a>
          )}
        </div>
      </div>
      {run.waits && <Notice tone="warn">{run.waits}</Notice>}
      {run.state === 'budget' && <GoOn run={run} />}
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4">
        {run.images.map((image) => (
          <li key={image.id} className="flex min-w-0 flex-col items-start gap-1.5">
            <button
              type="button"
              disabled={image.picture === null}
              aria-label={`${image.image_type_name}, ${image.state}`}
              aria-current={open === image.id}
              onClick={() => onOpen(image)}
              className={`flex w-full flex-col gap-1.5 rounded-xl border p-2 text-left ${open === image.id ? 'border-accent' : 'border-line'}`}
            >
              <span className="flex aspect-square w-full items-center justify-center overflow-hidden rounded-lg bg-raised text-center text-xs text-muted">
                {image.picture ? (
                  <img src={image.picture} alt="" loading="lazy" className="size-full object-contain" />
                ) : (
                  STATES[image.state]
                )}
              </span>
              <span className="truncate text-[13px] font-medium">{image.image_type_name}</span>
              {(image.reason || REVIEWS[image.review] || SOURCES[image.source_state]) && (
                <span
                  className={`line-clamp-3 text-xs wrap-anywhere ${image.state === 'failed' || image.review === 'held' ? 'text-warn' : 'text-muted'}`}
                  title={image.reason ?? undefined}
                >
                  {[REVIEWS[image.review], image.reason, SOURCES[image.source_state]].filter(Boolean).join(': ')}
                </span>
              )}
            </button>
            {(image.state === 'failed' || image.state === 'cancelled') &&
              (image.source_state === 'there' || image.source_state === 'none') && (
                <Button disabled={again.isPending} onClick={() => again.mutate(image.id)}>
                  <RotateCcw className="size-4" aria-hidden /> Try again
                </Button>
              )}
          </li>
        ))}
      </ul>
    </section>
  )
}
