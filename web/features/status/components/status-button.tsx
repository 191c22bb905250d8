/** @file The live indicator of the header: how far the library is; opens the status panel. */
import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Progress } from '../../../../src/contract/library.ts'
import { formatCount } from '../../../../src/domain/count-of.ts'
import { formatSpan } from '../../../lib/format.ts'
import { progressQuery } from '../../../lib/library-queries.ts'

const StatusPanel = lazy(() => import('./status-panel.tsx').then(({ StatusPanel }) => ({ default: StatusPanel })))

export function StatusButton() {
  const { data, error } = useQuery(progressQuery)
  const [open, setOpen] = useState(false)
  const working = data !== undefined && (data.due > 0 || data.scanning.length > 0)
  const noted = (data?.notices.length ?? 0) > 0
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={describe(data, error)}
        title={describe(data, error)}
        onClick={() => setOpen(true)}
        className={`inline-flex h-10 items-center gap-2 rounded-full transition-colors hover:bg-raised ${working ? 'px-2.5' : 'w-10 justify-center'}`}
      >
        {working && data ? (
          <>
            <Ring share={data.photos === 0 ? 0 : data.done / data.photos} />
            <span className="hidden text-sm tabular-nums md:inline">
              {data.due > 0 ? `${formatCount(data.done)} / ${formatCount(data.photos)}` : 'Reading folder'}
            </span>
          </>
        ) : error ? (
          <CircleAlert className="size-5 text-danger" aria-hidden />
        ) : (
          <span className="relative">
            <CircleCheck className="size-5" aria-hidden />
            {noted && <span className="absolute -top-0.5 -right-0.5 size-2 rounded-full bg-warn ring-2 ring-page" />}
          </span>
        )}
      </button>
      {open && (
        <Suspense>
          <StatusPanel onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function Ring({ share }: { readonly share: number }) {
  const around = 2 * Math.PI * 8
  return (
    <svg viewBox="0 0 20 20" className="size-5 -rotate-90" role="presentation">
      <circle cx="10" cy="10" r="8" fill="none" strokeWidth="3" className="stroke-line" />
      <circle
        cx="10"
        cy="10"
        r="8"
        fill="none"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray={`${Math.max(0.03, share) * around} ${around}`}
        className="stroke-accent transition-[stroke-dasharray]"
      />
    </svg>
  )
}

function describe(data: Progress | undefined, error: Error | null): string {
  if (error) return 'The library does not answer'
  if (!data) return 'Library status'
  if (data.due > 0) {
    const left = data.seconds_left === null ? '' : `, about ${formatSpan(data.seconds_left)} left`
    return `Working: ${formatCount(data.done)} of ${formatCount(data.photos)} done${left}`
  }
  if (data.scanning.length > 0) return 'Reading a folder'
  return data.notices.length > 0 ? 'Library status: there are notices' : 'Library status: all done'
}
