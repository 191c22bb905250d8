/** @file Places by country, and what an area is called. */
import type { PlaceReport } from '../../../src/contract/places.ts'
import type { Area } from './map-view.ts'

export interface CountryPlaces {
  readonly country: string
  readonly count: number
  readonly cities: readonly PlaceReport[]
}

/** The country with the most photos first, and so its cities. */
export function groupPlaces(places: readonly PlaceReport[]): CountryPlaces[] {
  const groups = [...Map.groupBy(places, ({ country }) => country)]
  return groups
    .map(([country, cities]) => ({ country, cities, count: cities.reduce((sum, { count }) => sum + count, 0) }))
    .sort((a, b) => b.count - a.count || a.country.localeCompare(b.country))
}

/** The place with the most photos in the area, or null. */
export function nameArea({ south, west, north, east }: Area, places: readonly PlaceReport[]): string | null {
  const inside = places.find(
    ({ latitude, longitude }) =>
      latitude >= south &&
      latitude <= north &&
      (west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east),
  )
  return inside ? (inside.city ?? inside.country) : null
}
