/** @file Countries with their cities, the most photos first. */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { PlaceReport } from '../../../../src/contract/places.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { groupPlaces } from '../group-places.ts'

/** cities of a country shown at once */
const SHOWN = 6

export function PlaceList({ places }: { readonly places: readonly PlaceReport[] }) {
  return (
    <ul aria-label="Places" className="flex flex-col gap-4">
      {groupPlaces(places).map(({ country, count, cities }) => (
        <li key={country} className="flex min-w-0 flex-col gap-1">
          <h2 className="flex items-baseline gap-2 text-sm">
            <Link to="/explore/places/in/$country" params={{ country }} className="min-w-0 truncate font-semibold hover:underline">
              {country}
            </Link>
            <span className="text-muted tabular-nums">{formatCount(count)}</span>
          </h2>
          <Cities country={country} cities={cities} />
        </li>
      ))}
    </ul>
  )
}

function Cities({ country, cities }: { readonly country: string; readonly cities: readonly PlaceReport[] }) {
  const [all, setAll] = useState(false)
  const named = cities.flatMap((place) => (place.city === null ? [] : [{ ...place, city: place.city }]))
  const shown = all ? named : named.slice(0, SHOWN)
  if (named.length === 0) return null
  return (
    <ul className="-mx-2 flex flex-col">
      {shown.map(({ city, count, photo_id }) => (
        <li key={city}>
          <Link
            to="/explore/places/in/$country/$city"
            params={{ country, city }}
            className="flex min-h-11 items-center gap-3 rounded-lg px-2 py-1 hover:bg-raised"
          >
            <img
              src={pictureUrl('getThumbnail', { id: photo_id, thumbhash: null })}
              alt=""
              loading="lazy"
              decoding="async"
              className="size-9 shrink-0 rounded bg-tile object-cover"
            />
            <span className="min-w-0 flex-1 truncate">{city}</span>
            <span className="text-sm text-muted tabular-nums">{formatCount(count)}</span>
          </Link>
        </li>
      ))}
      {named.length > shown.length && (
        <li>
          <button type="button" onClick={() => setAll(true)} className="min-h-11 px-2 text-sm text-accent hover:underline">
            Show {countOf(named.length - shown.length, 'more city', 'more cities')}
          </button>
        </li>
      )}
    </ul>
  )
}
