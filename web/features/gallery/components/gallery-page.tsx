/** @file The page `/`: the gallery, or the one thing to do while the library is empty. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { daysQuery, progressQuery, refreshLibrary } from '../../../lib/library-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { GalleryGrid } from './gallery-grid.tsx'

/** the grid follows an indexing run at this pace */
const FOLLOW_MS = 3_000

interface GalleryPageProps {
  /** what an empty library offers */
  readonly empty: ReactNode
}

export function GalleryPage({ empty }: GalleryPageProps) {
  const { data, error, refetch } = useQuery(daysQuery)
  useFollowProgress()
  useEffect(() => {
    document.title = 'fototeca'
  }, [])
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
  return <GalleryGrid days={data.days} total={data.total} />
}

/** While photos come in or are finished, the days and what is drawn of them are asked for again. */
function useFollowProgress(): void {
  const client = useQueryClient()
  const { data } = useQuery(progressQuery)
  const last = useRef({ sign: '', at: 0 })
  useEffect(() => {
    if (!data) return
    const sign = `${data.photos}/${data.done}/${data.failed}/${data.partial}`
    if (last.current.sign === '') last.current = { sign, at: Date.now() }
    if (last.current.sign === sign) return
    const wait = Math.max(0, last.current.at + FOLLOW_MS - Date.now())
    const timer = setTimeout(() => {
      last.current = { sign, at: Date.now() }
      void refreshLibrary(client)
    }, wait)
    return () => clearTimeout(timer)
  }, [data, client])
}
