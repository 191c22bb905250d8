/** @file The places of a phone: four tabs under the thumb, the last of them a sheet with the other places. */
import { Link, useRouterState } from '@tanstack/react-router'
import { Ellipsis, type LucideIcon, Search } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useCurrentPlace } from './place-link.tsx'
import { PLACES } from './places.ts'
import { useWaiting } from './use-places.ts'

const MoreSheet = lazy(() => import('./more-sheet.tsx').then(({ MoreSheet }) => ({ default: MoreSheet })))

const TAB =
  'flex h-14 flex-col items-center justify-center gap-0.5 text-xs font-medium text-muted aria-[current=page]:text-accent aria-expanded:text-accent'

export function PlaceBar() {
  const current = useCurrentPlace()
  const searches = useRouterState({ select: (state) => state.location.pathname === '/search' })
  const waiting = useWaiting()
  const [open, setOpen] = useState(false)
  const [photos, ...others] = PLACES.filter((place) => 'onPhone' in place)
  const tab = (place: (typeof PLACES)[number]) => (
    <Link
      key={place.name}
      to={place.path}
      activeOptions={{ exact: true }}
      aria-current={place === current && !searches ? 'page' : undefined}
      className={TAB}
    >
      <Face Icon={place.Icon}>{place.label}</Face>
    </Link>
  )
  return (
    <nav
      aria-label="Places"
      className="grid shrink-0 grid-cols-4 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] desk:hidden"
    >
      {photos && tab(photos)}
      <Link to="/search" activeOptions={{ exact: true }} aria-current={searches ? 'page' : undefined} className={TAB}>
        <Face Icon={Search}>Search</Face>
      </Link>
      {others.map(tab)}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-current={current && !('onPhone' in current) ? 'page' : undefined}
        onClick={() => setOpen(true)}
        className={TAB}
      >
        <span className="relative">
          <Ellipsis className="size-5" aria-hidden />
          {waiting > 0 && <span className="absolute -top-0.5 -right-1 size-2 rounded-full bg-warn" />}
        </span>
        More
      </button>
      {open && (
        <Suspense>
          <MoreSheet waiting={waiting} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </nav>
  )
}

function Face({ Icon, children }: { readonly Icon: LucideIcon; readonly children: ReactNode }) {
  return (
    <>
      <Icon className="size-5" aria-hidden />
      {children}
    </>
  )
}
