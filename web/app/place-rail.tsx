/** @file The places at the left edge: with words, until a person folds them to icons. A phone has the bar below (`place-bar.tsx`). */
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { railOpen } from '../lib/preferences.ts'
import { PlaceLink } from './place-link.tsx'
import { usePlaces, useWaiting } from './use-places.ts'

export function PlaceRail() {
  const isOpen = railOpen.use()
  const places = usePlaces()
  const waiting = useWaiting()
  const Icon = isOpen ? PanelLeftClose : PanelLeftOpen
  const label = isOpen ? 'Collapse' : 'Expand'
  return (
    <nav
      aria-label="Places"
      className={`scrollbar-none flex shrink-0 flex-col justify-between gap-2 overflow-y-auto border-r border-line px-2.5 py-3 max-desk:hidden ${isOpen ? 'w-50' : 'w-16'}`}
    >
      <div className="flex flex-col gap-2">
        {[false, true].map((isLast) => (
          <ul key={String(isLast)} className="flex flex-col gap-0.5 border-t border-line pt-2 first:border-0 first:pt-0">
            {places
              .filter((place) => 'isLast' in place === isLast)
              .map((place) => (
                <li key={place.name}>
                  <PlaceLink place={place} waiting={waiting} hasWords={isOpen} />
                </li>
              ))}
          </ul>
        ))}
      </div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => railOpen.set(!isOpen)}
        title={label}
        className="flex h-10 shrink-0 items-center gap-3 rounded-lg px-3 text-sm text-muted transition-colors hover:bg-raised hover:text-ink"
      >
        <Icon className="size-5 shrink-0" aria-hidden />
        <span className={isOpen ? '' : 'sr-only'}>{label}</span>
      </button>
    </nav>
  )
}
