/** @file Scrolling of the gallery: keeps what is in view where it is while heights above turn from estimated to true. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { keepPlace, recallPlace } from '../../lib/scroll-memory.ts'
import { type Section, sectionAt } from './layout.ts'
import { containerHeight, mustRest, restAt } from './scroll-window.ts'

/** scrolling has come to rest after this long without an event */
const REST_MS = 180
/** the view is drawn again after this many pixels; what is drawn reaches further than that */
const STEP = 60

interface Anchor {
  readonly key: string
  /** of the view’s top from the section’s top; negative where the section lies lower in the view */
  readonly offset: number
  /** at the end of the page, which is where it is only by estimate: whoever went there means the end */
  readonly isEnd: boolean
}

export interface GalleryScroll {
  /** page coordinate of the top of the view, in steps */
  readonly top: number
  /** content lies at page coordinate − base */
  readonly base: number
  /** height of the scroll container’s content */
  readonly height: number
  readonly scrollToPage: (top: number) => void
  /** exact page coordinate of the top of the view */
  readonly pageTop: () => number
}

export function useGalleryScroll(
  scroller: RefObject<HTMLElement | null>,
  sections: readonly Section[],
  tops: Float64Array,
  viewHeight: number,
  isPlaced: (key: string) => boolean,
): GalleryScroll {
  const pageHeight = tops[tops.length - 1] ?? 0
  const indexOf = useMemo(() => new Map(sections.map((section, index) => [section.key, index])), [sections])
  const base = useRef(0)
  /** scrollTop as last set by us, until its event came */
  const ours = useRef<number | null>(null)
  const anchor = useRef<Anchor | null>(recallPlace<Anchor>('gallery') ?? null)
  const restTimer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const [view, setView] = useState({ top: 0, base: 0 })
  const latest = useRef({ sections, tops, pageHeight, viewHeight, isPlaced })
  latest.current = { sections, tops, pageHeight, viewHeight, isPlaced }

  const pageTop = useCallback(() => (scroller.current?.scrollTop ?? 0) + base.current, [scroller])

  const draw = useCallback((top: number) => {
    const step = Math.round(top / STEP) * STEP
    setView((old) => (old.top === step && old.base === base.current ? old : { top: step, base: base.current }))
  }, [])

  const keepAnchor = useCallback((top: number) => {
    const { sections, tops, pageHeight, viewHeight, isPlaced } = latest.current
    const last = sections.at(-1)
    const isEnd = last !== undefined && top + viewHeight > pageHeight - 1 && !isPlaced(last.key)
    const above = sectionAt(tops, top)
    const below = sections[above + 1]
    // a section whose height is still estimated is no hold while a true one is in view: scrolling up would jump when it loads
    const isEstimated = sections[above] !== undefined && !isPlaced(sections[above].key)
    const index = isEstimated && below && isPlaced(below.key) && (tops[above + 1] ?? 0) < top + viewHeight ? above + 1 : above
    const section = sections[index]
    anchor.current = section && top > 1 ? { key: section.key, offset: top - (tops[index] ?? 0), isEnd } : null
    keepPlace('gallery', anchor.current)
  }, [])

  const rest = useCallback(
    (top: number) => {
      const element = scroller.current
      if (!element) return
      const { pageHeight, viewHeight } = latest.current
      const place = restAt(top, pageHeight, viewHeight)
      base.current = place.base
      ours.current = place.scrollTop
      if (Math.abs(element.scrollTop - place.scrollTop) >= 1) element.scrollTop = place.scrollTop
      draw(place.scrollTop + place.base)
    },
    [scroller, draw],
  )

  const restSoon = useCallback(() => {
    clearTimeout(restTimer.current)
    restTimer.current = setTimeout(() => rest(pageTop()), REST_MS)
  }, [rest, pageTop])

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const scrolled = () => {
      const { pageHeight, viewHeight } = latest.current
      const top = pageTop()
      const window = { height: containerHeight(pageHeight), base: base.current, scrollTop: element.scrollTop }
      if (mustRest(window, pageHeight, viewHeight)) rest(top)
      else restSoon()
      // what we set ourselves is no new place: the anchor of a place gone back to holds until its photos are there
      if (ours.current === null || Math.abs(element.scrollTop - ours.current) > 1) keepAnchor(Math.max(0, top))
      ours.current = null
      draw(top)
    }
    element.addEventListener('scroll', scrolled, { passive: true })
    return () => {
      element.removeEventListener('scroll', scrolled)
      clearTimeout(restTimer.current)
    }
  }, [scroller, pageTop, rest, restSoon, keepAnchor, draw])

  // heights changed: move the content under the view, not the view
  useLayoutEffect(() => {
    if (viewHeight === 0 || tops.length < 2) return
    const kept = anchor.current
    const index = kept ? indexOf.get(kept.key) : undefined
    if (!kept || index === undefined) {
      if (!kept && pageTop() !== 0) rest(0)
      return
    }
    const height = (tops[index + 1] ?? 0) - (tops[index] ?? 0)
    const { pageHeight } = latest.current
    const wanted = kept.isEnd ? Math.max(0, pageHeight - viewHeight) : (tops[index] ?? 0) + Math.min(kept.offset, Math.max(0, height - 1))
    if (kept.isEnd) keepAnchor(wanted)
    if (Math.abs(wanted - pageTop()) < 0.5) return
    const element = scroller.current
    // a first visit or a place far away cannot be reached by moving the base alone
    if (!element || Math.abs(wanted - pageTop()) > 20_000 || element.scrollTop === 0) return rest(wanted)
    base.current += wanted - pageTop()
    draw(wanted)
    restSoon()
  }, [tops, viewHeight, indexOf, scroller, pageTop, rest, restSoon, keepAnchor, draw])

  const scrollToPage = useCallback(
    (top: number) => {
      rest(top)
      keepAnchor(pageTop())
    },
    [rest, keepAnchor, pageTop],
  )

  return { top: view.top, base: view.base, height: containerHeight(pageHeight), scrollToPage, pageTop }
}
