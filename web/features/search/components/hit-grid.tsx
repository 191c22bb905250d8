/** @file The hits as justified rows; why each is there is said where the mouse or the focus rests, or on all of them. */
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { SearchHit } from '../../../../src/contract/search.ts'
import { focusTile } from '../../../lib/grid-keys.ts'
import { keepPlace, recallPlace, takeLastPhoto } from '../../../lib/scroll-memory.ts'
import type { SelectableList } from '../../../lib/use-grid-selection.ts'
import { JustifiedRows, useJustifiedRows } from '../../../ui/justified-rows.tsx'
import { PhotoTile } from '../../../ui/photo-tile.tsx'
import { WhyLines } from './why-lines.tsx'

interface HitGridProps {
  readonly hits: readonly SearchHit[]
  /** hits per page: each page ends flush, so that one more page moves nothing */
  readonly pageSize: number
  readonly scroller: RefObject<HTMLElement | null>
  /** the search these belong to: scroll position is kept per search */
  readonly searchKey: string
  /** why each is there: where the mouse or the focus rests, on all of them, or nowhere */
  readonly why?: 'rest' | 'all' | 'none'
  readonly onOpen: (id: number, index: number) => void
  readonly onNearEnd: () => void
  /** ids of all hits, also of those on pages to come */
  readonly readAll: SelectableList['readAll']
}

export function HitGrid({ hits, pageSize, scroller, searchKey, why = 'rest', onOpen, onNearEnd, readAll }: HitGridProps) {
  const photos = useMemo(() => hits.map(({ photo }) => photo), [hits])
  const { grid, rows, virtual, props } = useJustifiedRows({
    list: searchKey,
    photos,
    pageSize,
    scroller,
    initialOffset: () => recallPlace<number>(searchKey) ?? 0,
    onOpen,
    onNearEnd,
    readAll,
  })

  useKeptScroll(scroller, searchKey, rows.length > 0)
  const back = useRef<number | null | undefined>(undefined)
  useEffect(() => {
    if (back.current === undefined) back.current = takeLastPhoto()?.id ?? null
    if (back.current === null || rows.length === 0 || !grid.current) return
    const at = photos.findIndex(({ id }) => id === back.current)
    const tile = grid.current.querySelector<HTMLElement>(`[data-photo="${back.current}"]`)
    if (tile) focusTile(grid.current, tile)
    else if (at >= 0) return virtual.scrollToIndex(rows.findIndex((row) => row.end > at))
    back.current = null
  })

  return (
    <div role="grid" {...props} aria-label="Hits">
      <JustifiedRows rows={rows} virtual={virtual}>
        {(index, place) => {
          const hit = hits[index]
          if (!hit) return null
          return (
            <PhotoTile key={hit.photo.id} photo={hit.photo} {...place}>
              {why !== 'none' && <WhyOverlay hit={hit} isShown={why === 'all'} />}
            </PhotoTile>
          )
        }}
      </JustifiedRows>
    </div>
  )
}

function WhyOverlay({ hit, isShown }: { readonly hit: SearchHit; readonly isShown: boolean }) {
  return (
    <span
      className={`pointer-events-none absolute inset-x-0 bottom-0 flex max-h-full flex-col justify-end gap-0.5 overflow-hidden bg-linear-to-t from-black/85 via-black/65 to-transparent px-2.5 pt-8 pb-2 text-xs text-white transition-opacity ${
        isShown ? '' : 'opacity-0 group-hover:opacity-100 group-has-focus-visible:opacity-100'
      }`}
    >
      <span className="truncate font-medium">{hit.photo.filename}</span>
      <WhyLines hit={hit} className="line-clamp-3 text-white/85" />
    </span>
  )
}

/** Remembers where each search was left, and goes to the top for a new one. */
function useKeptScroll(scroller: RefObject<HTMLElement | null>, searchKey: string, ready: boolean): void {
  const restored = useRef('')
  useEffect(() => {
    const element = scroller.current
    if (!element || !ready) return
    if (restored.current !== searchKey) {
      restored.current = searchKey
      element.scrollTop = recallPlace<number>(searchKey) ?? 0
    }
    const keep = () => keepPlace(searchKey, element.scrollTop)
    element.addEventListener('scroll', keep, { passive: true })
    return () => element.removeEventListener('scroll', keep)
  }, [scroller, searchKey, ready])
}
