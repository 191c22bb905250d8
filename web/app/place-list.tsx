/** @file The places as a list of links, the current one marked. */
import { Link, useRouterState } from '@tanstack/react-router'
import { findPlace, PLACES, type Place } from './places.ts'

const PARTS: readonly Place['part'][] = ['photos', 'library']

interface PlaceListProps {
  /** `icons`: icons only; `auto`: with words where the window is wide enough; `words`: always with words */
  readonly look: 'icons' | 'auto' | 'words'
  readonly onLeave?: () => void
}

const WORDS = { icons: 'sr-only', auto: 'max-[1199px]:sr-only', words: '' } as const

export function PlaceList({ look, onLeave }: PlaceListProps) {
  const current = useRouterState({ select: (state) => findPlace(state.location.pathname) })
  return (
    <div className="flex flex-col gap-2">
      {PARTS.map((part) => (
        <ul key={part} className="flex flex-col gap-0.5 border-t border-line pt-2 first:border-0 first:pt-0">
          {PLACES.filter((place) => place.part === part).map((place) => (
            <li key={place.path}>
              <Link
                to={place.path}
                // the router marks every beginning of the address by itself; of several places one is current
                activeOptions={{ exact: true }}
                onClick={onLeave}
                title={`${look === 'words' ? '' : `${place.label}. `}${place.hint ?? ''} (g ${place.key})`}
                aria-current={place === current ? 'page' : undefined}
                className="flex h-10 items-center gap-3 rounded-full px-3 text-sm font-medium text-muted transition-colors hover:bg-raised hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent"
              >
                <place.Icon className="size-5 shrink-0" aria-hidden />
                <span className={`min-w-0 truncate ${WORDS[look]}`}>{place.label}</span>
              </Link>
            </li>
          ))}
        </ul>
      ))}
    </div>
  )
}
