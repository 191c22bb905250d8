/** @file The pages of the current place as tabs; `ui/page.tsx` puts them beside the title. */
import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useCurrentPlace } from './place-link.tsx'
import { tabsOf } from './places.ts'

export function PlaceTabs() {
  const place = useCurrentPlace()
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const bar = useRef<HTMLElement>(null)
  const tabs = place ? tabsOf(place.name) : []
  // of `/albums` and `/albums/smart` the longer one that fits is meant
  const current = tabs
    .filter(({ path }) => pathname === path || pathname.startsWith(`${path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
  useEffect(() => {
    // the current one may lie beyond the edge of a phone
    const tab = current && bar.current?.querySelector<HTMLElement>('[aria-current]')
    if (tab && bar.current) bar.current.scrollLeft = tab.offsetLeft - bar.current.offsetLeft - 16
  }, [current])
  if (!place || tabs.length === 0) return null
  return (
    <nav
      ref={bar}
      aria-label={`${place.label} pages`}
      className="scrollbar-none -mx-4 flex gap-1 overflow-x-auto px-4 py-1 desk:-mx-1 desk:px-1"
    >
      {tabs.map((tab) => (
        <Link
          key={tab.path}
          to={tab.path}
          // the store of Products goes with its pages
          search={((old: { store?: string }) => (old.store === undefined ? {} : { store: old.store })) as never}
          activeOptions={{ exact: true, includeSearch: false }}
          aria-current={tab === current ? 'page' : undefined}
          className="flex h-9 shrink-0 items-center rounded-full px-3 text-sm font-medium text-muted transition-colors hover:bg-raised hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent max-desk:h-11"
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
