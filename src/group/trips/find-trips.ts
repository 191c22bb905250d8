/**
 * @file Trips and events from when and where photos were taken: days away from home, and days with very many photos at home.
 * In short turns: the event loop is free between them, however many photos there are.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'

export interface Taken {
  readonly id: number
  /** `YYYY-MM-DD` */
  readonly day: string
  readonly latitude: number | null
  readonly longitude: number | null
  readonly city: string | null
  readonly country: string | null
}

export interface Trip {
  readonly kind: 'trip' | 'event'
  readonly from: string
  readonly to: string
  /** where most of them were taken that say where; null: in several */
  readonly city: string | null
  readonly country: string | null
  readonly photos: readonly Taken[]
}

/** Farther from home is away: beyond the daily way to work. */
const AWAY_KM = 80
/** Days without a photo that do not end a trip. */
const GAP_DAYS = 2
const LEAST_PHOTOS = 5
/** Of the photos that say where, so many lie in the city that gives a trip its name. */
const CITY_SHARE = 0.6
/** A day at home with so many photos, and with so many times the usual number, is an event. */
const EVENT_PHOTOS = 15
const EVENT_TIMES = 3
const EARTH_KM = 6371
const DAY_MS = 86_400_000

/** Photos looked at before others get their turn: under 10 ms. */
const TURN = 2000

/** Photos by day, added page by page. */
export class Days {
  readonly #days = new Map<string, Taken[]>()

  add(photos: readonly Taken[]): void {
    for (const photo of photos) {
      const own = this.#days.get(photo.day)
      if (own) own.push(photo)
      else this.#days.set(photo.day, [photo])
    }
  }

  /** oldest first */
  sorted(): [string, Taken[]][] {
    return [...this.#days].sort(([a], [b]) => (a < b ? -1 : 1))
  }
}

/** @returns newest first */
export async function findTrips(days: Days): Promise<Trip[]> {
  const byDay = days.sorted()
  const pause = createPause()
  const home = await findHome(byDay, pause)
  const isAway = (day: readonly Taken[]) => {
    const placed = day.filter(isPlaced)
    return home !== null && placed.length > 0 && placed.filter((photo) => distanceKm(photo, home) > AWAY_KM).length * 2 > placed.length
  }
  const usual = median(byDay.map(([, day]) => day.length))
  const trips: Trip[] = []
  let open: { days: [string, Taken[]][]; waiting: [string, Taken[]][] } | null = null
  const close = () => {
    if (open) add(trips, 'trip', open.days)
    open = null
  }
  for (const [day, own] of byDay) {
    await pause(own.length)
    const last: string | undefined = open?.days.at(-1)?.[0]
    if (last !== undefined && daysBetween(last, day) > GAP_DAYS + 1) close()
    if (isAway(own)) {
      // days between without a place belong to the trip
      if (open) open.days.push(...open.waiting, [day, own])
      else open = { days: [[day, own]], waiting: [] }
      open.waiting = []
    } else if (open && !own.some(isPlaced)) open.waiting.push([day, own])
    else {
      close()
      if (own.length >= EVENT_PHOTOS && own.length >= EVENT_TIMES * usual) add(trips, 'event', [[day, own]])
    }
  }
  close()
  return trips.sort((a, b) => (a.from < b.from ? 1 : -1))
}

function add(trips: Trip[], kind: Trip['kind'], days: readonly [string, readonly Taken[]][]): void {
  const photos = days.flatMap(([, own]) => own)
  const [from, to] = [days[0]?.[0], days.at(-1)?.[0]]
  if (from === undefined || to === undefined || photos.length < LEAST_PHOTOS) return
  const country = mostFrequent(photos.flatMap(({ country: own }) => own ?? []))
  const city = mostFrequent(photos.flatMap(({ city: own }) => own ?? []))
  const placed = photos.filter(isPlaced)
  const isThere = city !== null && placed.filter((photo) => photo.city === city).length >= CITY_SHARE * placed.length
  trips.push({ kind, from, to, city: isThere ? city : null, country, photos })
}

/** `Rome, May 2024` where most were taken in one city; `Norway, May 2024`; `Norway, December 2024 – January 2025`; an event by its day. */
export function nameTrip({ kind, from, to, city, country }: Omit<Trip, 'photos'>): string {
  const month = (day: string) => new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(day))
  const date = (day: string) =>
    new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(day))
  const when = kind === 'event' ? date(from) : month(from) === month(to) ? month(from) : `${month(from)} – ${month(to)}`
  const where = city ?? country
  return where === null ? (kind === 'event' ? when : `Away, ${when}`) : `${where}, ${when}`
}

/** The middle of the half-degree square in which photos were taken on most days; null where nothing says where. */
async function findHome(byDay: readonly (readonly [string, readonly Taken[]])[], pause: Pause): Promise<Place | null> {
  const days = new Map<string, { places: Place[]; days: Set<string> }>()
  for (const [day, photos] of byDay) {
    await pause(photos.length)
    for (const photo of photos.filter(isPlaced)) {
      const key = `${Math.round(photo.latitude * 2)} ${Math.round(photo.longitude * 2)}`
      const square = days.get(key) ?? { places: [], days: new Set() }
      square.places.push(photo)
      square.days.add(day)
      days.set(key, square)
    }
  }
  const [best] = [...days.values()].sort((a, b) => b.days.size - a.days.size || b.places.length - a.places.length)
  return best
    ? { latitude: median(best.places.map((place) => place.latitude)), longitude: median(best.places.map((place) => place.longitude)) }
    : null
}

type Pause = (photos: number) => Promise<void>

/** Lets others have their turn after so many photos. */
function createPause(): Pause {
  let looked = 0
  return async (photos) => {
    looked += photos
    if (looked < TURN) return
    looked = 0
    await nextTurn()
  }
}

interface Place {
  readonly latitude: number
  readonly longitude: number
}

const isPlaced = (photo: Taken): photo is Taken & Place => photo.latitude !== null && photo.longitude !== null
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

/** Haversine. */
function distanceKm(a: Place, b: Place): number {
  const rad = Math.PI / 180
  const half =
    Math.sin(((b.latitude - a.latitude) * rad) / 2) ** 2 +
    Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * Math.sin(((b.longitude - a.longitude) * rad) / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.sqrt(Math.min(1, half)))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function mostFrequent(values: readonly string[]): string | null {
  const counts = [...Map.groupBy(values, (value) => value)].sort((a, b) => b[1].length - a[1].length)
  return counts[0]?.[0] ?? null
}
