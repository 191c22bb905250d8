/** @file The hits as justified rows; on a narrow screen as a list that says why each is there. */
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { SearchHit } from '../../../../src/contract/search.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { formatDay } from '../../../lib/format.ts'
import { focusTile } from '../../../lib/grid-keys.ts'
import { keepPlace, recallPlace, takeLastPhoto } from '../../../lib/scroll-memory.ts'
import { useIsSelected } from '../../../lib/selection.ts'
import { placeholderUrl } from '../../../lib/thumbhash.ts'
import type { SelectableList } from '../../../lib/use-grid-selection.ts'
import { JustifiedRows, useJustifiedRows } from '../../../ui/justified-rows.tsx'
import { describePhoto, markLoaded, PhotoTile } from '../../../ui/photo-tile.tsx'
import { SelectCheck } from '../../../ui/select-check.tsx'
import { WhyLines } from './why-lines.tsx'

const NARROW = 560
const LIST_ROW = 112

interface HitGridProps {
  readonly hits: readonly SearchHit[]
  /** hits per page: each page ends flush, so that one more page moves nothing */
  readonly pageSize: number
  readonly scroller: RefObject<HTMLElement | null>
  /** the search these belong to: scroll position is kept per search */
  readonly searchKey: string
  /** tiles on a narrow screen too, without the reason for each */
  readonly isPlain?: boolean
  readonly onOpen: (id: number, index: number) => void
  readonly onNearEnd: () => void
  /** ids of all hits, also of those on pages to come */
  readonly readAll: SelectableList['readAll']
}

export function HitGrid({ hits, pageSize, scroller, searchKey, isPlain = false, onOpen, onNearEnd, readAll }: HitGridProps) {
  const photos = useMemo(() => hits.map(({ photo }) => photo), [hits])
  const { grid, rows, virtual, isLines, props } = useJustifiedRows({
    list: searchKey,
    photos,
    pageSize,
    scroller,
    lineHeight: (width) => (width < NARROW && !isPlain ? LIST_ROW : null),
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
          return isLines ? (
            <HitLine key={hit.photo.id} hit={hit} place={place.place} focusable={place.focusable} />
          ) : (
            <PhotoTile key={hit.photo.id} photo={hit.photo} {...place}>
              {!isPlain && <WhyOverlay hit={hit} />}
            </PhotoTile>
          )
        }}
      </JustifiedRows>
    </div>
  )
}

function WhyOverlay({ hit }: { readonly hit: SearchHit }) {
  return (
    <span className="pointer-events-none absolute inset-x-0 bottom-0 flex flex-col gap-0.5 bg-linear-to-t from-black/85 via-black/65 to-transparent px-2.5 pt-8 pb-2 text-xs text-white opacity-0 transition-opacity group-hover:opacity-100 group-has-focus-visible:opacity-100">
      <span className="truncate font-medium">{hit.photo.filename}</span>
      <WhyLines hit={hit} className="line-clamp-3 text-white/85" />
    </span>
  )
}

interface HitLineProps {
  readonly hit: SearchHit
  readonly place: string
  readonly focusable: boolean
}

function HitLine({ hit, place, focusable }: HitLineProps) {
  const { photo } = hit
  const placeholder = placeholderUrl(photo.thumbhash)
  const selected = useIsSelected(photo.id)
  return (
    <div
      role="gridcell"
      aria-selected={selected}
      data-cell
      className={`group relative h-full rounded-lg ${selected ? 'bg-accent-soft' : ''}`}
    >
      <a
        href={`/photo/${photo.id}`}
        data-photo={photo.id}
        data-place={place}
        tabIndex={focusable ? 0 : -1}
        data-name={photo.filename}
        className="flex h-full items-center gap-3 rounded-lg outline-offset-[-2px] [-webkit-touch-callout:none]"
      >
        <span
          className="relative size-[104px] shrink-0 overflow-hidden rounded-lg bg-tile bg-cover"
          style={placeholder ? { backgroundImage: `url(${placeholder})` } : {}}
        >
          {photo.width !== null && (
            <img
              ref={markLoaded}
              src={pictureUrl('getThumbnail', photo)}
              alt=""
              decoding="async"
              onLoad={(event) => markLoaded(event.currentTarget)}
              className="fade-in-picture size-full object-cover"
            />
          )}
        </span>
        <span className="max-h-full min-w-0 flex-1 overflow-hidden">
          <span className="sr-only">{describePhoto(photo)}. </span>
          <span aria-hidden className="line-clamp-2 text-sm font-medium wrap-anywhere">
            {photo.filename}
          </span>
          <span aria-hidden className="block text-xs text-muted">
            {formatDay(photo.day)}
          </span>
          <WhyLines hit={hit} className="mt-0.5 line-clamp-2 text-xs text-accent" />
        </span>
      </a>
      <SelectCheck id={photo.id} name={photo.filename} />
    </div>
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
