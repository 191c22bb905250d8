/** @file Places: the map of all photos, and a page for each country, city, area of the map, and surroundings of a photo. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { MapPin } from 'lucide-react'
import { type ReactNode, useCallback, useMemo } from 'react'
import { placesQuery } from '../features/places/api/place-queries.ts'
import { PlacesPage } from '../features/places/components/places-page.tsx'
import { WorldMap } from '../features/places/components/world-map.tsx'
import { nameArea } from '../features/places/group-places.ts'
import type { Area } from '../features/places/map-view.ts'
import { FoundPage } from '../features/search/components/found-page.tsx'
import type { SearchState } from '../lib/search-state.ts'

const placesRoute = getRouteApi('/explore/places')
const areaRoute = getRouteApi('/explore/places/area/$area')
const nearRoute = getRouteApi('/explore/places/near/$circle')
const countryRoute = getRouteApi('/explore/places/in/$country')
const cityRoute = getRouteApi('/explore/places/in/$country/$city')

export function PlacesRoute() {
  const { at } = placesRoute.useSearch()
  const navigate = useNavigate()
  const rest = useCallback((to: string) => void navigate({ to: '/explore/places', search: { at: to }, replace: true }), [navigate])
  return <PlacesPage at={at} onRest={rest} />
}

export function AreaRoute() {
  const { area } = areaRoute.useParams()
  return <Around key={area} search={{ area }} area={readArea(area)} />
}

function readArea(text: string): Area {
  const [south = 0, west = 0, north = 0, east = 0] = text.split(',').map(Number)
  return { south, west, north, east }
}

export function NearRoute() {
  const { circle } = nearRoute.useParams()
  // as the filter `near` takes it; what is no number is refused by the search
  const [latitude = 0, longitude = 0, km = 10] = circle.split(',').map(Number)
  const [high, wide] = [km / 111, km / 111 / Math.max(0.05, Math.cos((latitude * Math.PI) / 180))]
  const area = { south: latitude - high, west: longitude - wide, north: latitude + high, east: longitude + wide }
  return <Around key={circle} search={{ near: circle }} area={area} about={`Within ${km} km.`} />
}

export function CountryRoute() {
  const { country } = countryRoute.useParams()
  return <PlacePage key={country} title={country} search={{ country: [country] }} />
}

export function CityRoute() {
  const { country, city } = cityRoute.useParams()
  return (
    <PlacePage key={`${country} ${city}`} title={city} search={{ country: [country], city: [city] }}>
      <Link to="/explore/places/in/$country" params={{ country }} className="hover:underline">
        {country}
      </Link>
    </PlacePage>
  )
}

/** Named by the place there that has the most photos. */
function Around({ search, area, about }: { readonly search: SearchState; readonly area: Area; readonly about?: string }) {
  const { data } = useQuery(placesQuery)
  const name = data && nameArea(area, data.places)
  return <PlacePage title={name ? `Around ${name}` : 'Around here'} search={search} about={about} />
}

interface PlacePageProps {
  readonly title: string
  readonly search: SearchState
  readonly about?: string | undefined
  /** what it lies in */
  readonly children?: ReactNode
}

function PlacePage({ title, search, about, children }: PlacePageProps) {
  const text = JSON.stringify(search)
  const photos = useMemo(() => JSON.parse(text) as SearchState, [text])
  return (
    <FoundPage
      title={title}
      search={photos}
      {...(about === undefined ? {} : { about })}
      path={
        <span className="flex gap-2">
          <Link to="/explore/places" className="hover:underline">
            Places
          </Link>
          {children && <span aria-hidden>›</span>}
          {children}
        </span>
      }
      Icon={MapPin}
      empty="No photos here"
      hint="Nothing in the library was taken at this place."
    >
      <WorldMap photos={photos} className="h-56 w-full shrink-0 sm:h-72" />
    </FoundPage>
  )
}
