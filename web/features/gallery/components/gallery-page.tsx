/** @file The page `/`: the gallery, or the one thing to do while the library is empty. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { daysQuery } from '../../../lib/library-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { EDGE, PageHead } from '../../../ui/page.tsx'
import { listPastDays, localToday } from '../on-this-day.ts'
import { GalleryGrid } from './gallery-grid.tsx'
import { OnThisDayStrip, STRIP_HEIGHT } from './on-this-day.tsx'

interface GalleryPageProps {
  /** what an empty library offers */
  readonly empty: ReactNode
}

export function GalleryPage({ empty }: GalleryPageProps) {
  const { data, error, refetch } = useQuery(daysQuery)
  if (error && !data)
    return (
      <div className="mx-auto max-w-lg p-8">
        <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {error.message}
        </Notice>
      </div>
    )
  if (!data) return <div className="h-full" aria-busy="true" />
  if (data.total === 0) return <div className="h-full overflow-y-auto">{empty}</div>
  const past = listPastDays(data.days, localToday())
  return (
    <div className="flex h-full flex-col">
      <div className={`pt-3 pb-1 ${EDGE}`}>
        <PageHead title="Photos" count={countOf(data.total, 'photo')} isQuietOnPhone />
      </div>
      <div className="min-h-0 flex-1">
        <GalleryGrid
          days={data.days}
          total={data.total}
          above={past.length > 0 ? { height: STRIP_HEIGHT, node: <OnThisDayStrip days={past} /> } : null}
        />
      </div>
    </div>
  )
}
