/** @file All photos by day on one scrollable page; only what is near the view is drawn. */
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { formatCount } from '../../../../src/domain/count-of.ts'
import { CHUNK } from '../../../lib/chunk.ts'
import { formatMonth } from '../../../lib/format.ts'
import { focusTile, moveInGrid } from '../../../lib/grid-keys.ts'
import { rowHeightFor } from '../../../lib/justify.ts'
import { type LastPhoto, takeLastPhoto } from '../../../lib/scroll-memory.ts'
import { useTileSize } from '../../../lib/tile-size.ts'
import { useGridSelection } from '../../../lib/use-grid-selection.ts'
import { useSize } from '../../../lib/use-size.ts'
import { sectionAt } from '../layout.ts'
import { readAllIds, readRange } from '../read-ids.ts'
import { useGalleryLayout, useSectionPhotos } from '../use-gallery-layout.ts'
import { useGalleryScroll } from '../use-gallery-scroll.ts'
import { GallerySection } from './gallery-section.tsx'
import { Scrubber } from './scrubber.tsx'

/** drawn beyond the view, in pixels: enough for a fast wheel, few enough tiles for a phone */
const BEYOND = 700
const SETTLE_MS = 120

interface GalleryGridProps {
  readonly days: readonly { day: string; count: number }[]
  readonly total: number
  /** stands above the first day and scrolls with it */
  readonly above: { readonly height: number; readonly node: ReactNode } | null
}

export function GalleryGrid({ days, total, above }: GalleryGridProps) {
  const navigate = useNavigate()
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const view = useSize(scroller)
  const { width } = useSize(content)
  const { scale } = useTileSize()
  const wanted = Math.round(rowHeightFor(width) * scale)
  const { sections, tops, placed, place } = useGalleryLayout(days, width, wanted, above?.height ?? 0)
  const scroll = useGalleryScroll(scroller, sections, tops, view.height, (key) => placed.has(key))
  const [scrubbing, setScrubbing] = useState(false)

  const first = sectionAt(tops, Math.max(0, scroll.top - BEYOND))
  const last = sectionAt(tops, scroll.top + view.height + BEYOND)
  const near = useMemo(() => (view.height > 0 ? sections.slice(first, last + 1) : []), [sections, first, last, view.height])
  const { failed } = useSectionPhotos(near, useSettled(!scrubbing), place)

  const settled = near.length > 0 && near.every((section) => placed.get(section.key)?.photos.every((list) => list !== undefined))
  useReturn(content, settled, (last) => {
    const key = `${last.day}/${Math.floor((last.index ?? 0) / CHUNK)}`
    const at = sections.findIndex((section) => section.parts.some((part) => part.key === key))
    if (at < 0) return 'unknown'
    const row = placed
      .get(sections[at]?.key ?? '')
      ?.layout.rows.find((each) => each.tiles.some((tile) => tile.index === (last.index ?? 0) % CHUNK))
    scroll.scrollToPage((tops[at] ?? 0) + (row?.top ?? 0) - view.height / 3)
    return row ? 'there' : 'near'
  })

  const client = useQueryClient()
  const { onKeyDown: pressSelectKey, ...select } = useGridSelection({
    key: 'gallery',
    readRange: (from, to) => readRange(client, from, to),
    readAll: readAllIds,
    onOpen: ({ id, place }) => {
      const [day = '', index = '0'] = place.split('/')
      void navigate({ to: '/photo/$id', params: { id: String(id) }, state: { place: { list: 'gallery', day, index: Number(index) } } })
    },
  })

  const pressKey = (event: KeyboardEvent<HTMLElement>) => {
    if (moveInGrid(event) || pressSelectKey(event)) return
    const page = view.height * 0.9
    const to = { Home: 0, End: tops.at(-1) ?? 0, PageDown: scroll.pageTop() + page, PageUp: scroll.pageTop() - page }[event.key]
    if (to === undefined) return
    event.preventDefault()
    scroll.scrollToPage(to)
  }

  const monthAt = (top: number) => sections[sectionAt(tops, top)]?.parts[0]?.day.slice(0, 7) ?? ''

  return (
    <div className="relative h-full">
      <div ref={scroller} className="scrollbar-none relative h-full overflow-y-auto overscroll-contain [overflow-anchor:none]">
        {above && scroll.top < above.height && (
          <div className="absolute inset-x-0 z-10 sm:right-16" style={{ top: -scroll.base }}>
            {above.node}
          </div>
        )}
        <div
          ref={content}
          role="grid"
          aria-label={`${formatCount(total)} photos by day`}
          tabIndex={-1}
          {...select}
          aria-multiselectable
          onKeyDown={pressKey}
          className="relative mx-2 outline-none sm:mr-16 sm:ml-6"
          style={{ height: scroll.height }}
        >
          {near.map((section, index) => (
            <GallerySection
              key={section.key}
              section={section}
              placed={placed.get(section.key)}
              height={(tops[first + index + 1] ?? 0) - (tops[first + index] ?? 0)}
              top={(tops[first + index] ?? 0) - scroll.base}
              from={scroll.top - BEYOND - (tops[first + index] ?? 0)}
              to={scroll.top + view.height + BEYOND - (tops[first + index] ?? 0)}
              width={width}
              wanted={wanted}
              entry={index === 0}
            />
          ))}
        </div>
      </div>
      {failed && (
        <p
          role="alert"
          className="absolute bottom-4 left-1/2 -translate-x-1/2 rounded-full bg-danger-soft px-4 py-2 text-sm text-danger shadow-lg"
        >
          {failed.message}
        </p>
      )}
      <Scrubber
        sections={sections}
        tops={tops}
        viewHeight={view.height}
        top={scroll.top}
        describe={(top) => {
          const month = monthAt(top)
          return month ? formatMonth(month) : ''
        }}
        onScrub={scroll.scrollToPage}
        onScrubbing={setScrubbing}
      />
    </div>
  )
}

/** Back from a photo: it has the focus again; one that was reached by going on from photo to photo is scrolled to first. */
function useReturn(grid: RefObject<HTMLElement | null>, settled: boolean, goTo: (last: LastPhoto) => 'there' | 'near' | 'unknown'): void {
  const last = useRef<LastPhoto | null | undefined>(undefined)
  const went = useRef<'there' | 'near' | 'unknown' | null>(null)
  useEffect(() => {
    if (last.current === undefined) last.current = takeLastPhoto()
    const photo = last.current
    // estimated heights would move the focus out of view again
    if (!photo || !grid.current || !settled) return
    const tile = grid.current.querySelector<HTMLElement>(`[data-photo="${photo.id}"]`)
    if (tile) {
      last.current = null
      // a frame later the content lies where the true heights put it; focused before, the browser would scroll to the old place
      requestAnimationFrame(() => {
        const drawn = grid.current?.querySelector<HTMLElement>(`[data-photo="${photo.id}"]`)
        if (grid.current && drawn) focusTile(grid.current, drawn)
      })
    } else {
      // first to where it should be, then, when the photos there have come in, to where it is
      if (went.current === 'there' || !photo.day) return
      went.current = goTo(photo)
      if (went.current === 'unknown') last.current = null
    }
  })
}

/** False at once, true again only after it stayed so: nothing is asked for while the scrubber flies over the years. */
function useSettled(calm: boolean): boolean {
  const [settled, setSettled] = useState(true)
  useEffect(() => {
    if (!calm) return setSettled(false)
    const timer = setTimeout(() => setSettled(true), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [calm])
  return settled && calm
}
