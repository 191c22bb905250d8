/** @file The link to a place, as it stands in the rail and in the sheet of a phone. */
import { Link, useRouterState } from '@tanstack/react-router'
import { countOf } from '../../src/domain/count-of.ts'
import { findPlace, type Place } from './places.ts'

interface PlaceLinkProps {
  readonly place: Place
  readonly waiting: number
  /** the words stand beside the icon */
  readonly hasWords: boolean
  readonly onLeave?: () => void
}

/** The place of the address shown now. */
export const useCurrentPlace = () => useRouterState({ select: (state) => findPlace(state.location.pathname) })

export function PlaceLink({ place, waiting, hasWords, onLeave }: PlaceLinkProps) {
  const current = useCurrentPlace()
  const badge = place.name === 'clean-up' && waiting > 0 ? waiting : null
  return (
    <Link
      to={place.path}
      // the router marks every beginning of the address by itself; of several places one is current
      activeOptions={{ exact: true }}
      onClick={onLeave}
      title={`${hasWords ? '' : `${place.label}. `}${place.hint} (g ${place.key})`}
      aria-current={place === current ? 'page' : undefined}
      className="relative flex h-11 items-center gap-3 rounded-lg px-3 text-sm font-medium text-muted transition-colors hover:bg-raised hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent"
    >
      <place.Icon className="size-5 shrink-0" aria-hidden />
      <span className={`min-w-0 flex-1 truncate ${hasWords ? '' : 'sr-only'}`}>{place.label}</span>
      {badge !== null && (
        <span
          className={`rounded-full bg-warn-soft text-xs font-semibold text-warn tabular-nums ${hasWords ? 'px-2 py-0.5' : 'absolute top-1 right-1 size-2 bg-warn'}`}
        >
          <span className={hasWords ? '' : 'sr-only'}>
            <span aria-hidden>{badge > 99 ? '99+' : badge}</span>
            <span className="sr-only">, {countOf(badge, 'decision')} waiting</span>
          </span>
        </span>
      )}
    </Link>
  )
}
