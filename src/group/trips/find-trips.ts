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
const MIN_PHOTOS = 5
/** Of the photos that say where, so many lie in the city that gives a trip its name. */
const CITY_SHARE = 0.6
/** A day at home with so many photos, and with so many times the usual number, is an event. */
const EVENT_PHOTOS = 15
const EVENT_TIMES = 3
const EARTH_KM = 6371
const DAY_MS = 86_400_000

/** Photos looked at in one turn: under 10 ms. */
export const TURN = 2000

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

/**
 * @param turn lets others have their turn; after so many photos as take under 10 ms
 * @returns newest first
 */
export async function findTrips(days: Days, turn: () => Promise<unknown> = nextTurn): Promise<Trip[]> {
  const byDay = days.sorted()
  const pause = createPause(turn)
  const home = await findHome(byDay, pause)
  const isAway = (day: readonly Taken[]) => {
    // of a day with very many, as on cards copied without their times, some tell
    const placed = spread(day, TURN).filter(isPlaced)
    return home !== null && placed.length > 0 && placed.filter((photo) => distanceKm(photo, home) > AWAY_KM).length * 2 > placed.length
  }
  const usual = median(byDay.map(([, day]) => day.length))
  const found: { kind: Trip['kind']; days: readonly [string, readonly Taken[]][] }[] = []
  let open: { days: [string, Taken[]][]; waiting: [string, Taken[]][] } | null = null
  const close = () => {
    if (open) found.push({ kind: 'trip', days: open.days })
    open = null
  }
  for (const [day, own] of byDay) {
    await pause(Math.min(own.length, TURN))
    const last: string | undefined = open?.days.at(-1)?.[0]
    if (last !== undefined && daysBetween(last, day) > GAP_DAYS + 1) close()
    if (isAway(own)) {
      // days between without a place belong to the trip
      if (open) open.days.push(...open.waiting, [day, own])
      else open = { days: [[day, own]], waiting: [] }
      open.waiting = []
    } else if (open && !spread(own, TURN).some(isPlaced)) open.waiting.push([day, own])
    else {
      close()
      if (own.length >= EVENT_PHOTOS && own.length >= EVENT_TIMES * usual) found.push({ kind: 'event', days: [[day, own]] })
    }
  }
  close()
  const trips: Trip[] = []
  for (const one of found) trips.push(...(await describeTrip(one.kind, one.days, pause)))
  return trips.sort((a, b) => (a.from < b.from ? 1 : -1))
}

/** @returns nothing where there are too few photos */
async function describeTrip(kind: Trip['kind'], days: readonly [string, readonly Taken[]][], pause: Pause): Promise<Trip[]> {
  const photos = days.flatMap(([, own]) => own)
  const [from, to] = [days[0]?.[0], days.at(-1)?.[0]]
  if (from === undefined || to === undefined || photos.length < MIN_PHOTOS) return []
  const cities = new Map<string, number>()
  const countries = new Map<string, number>()
  let placed = 0
  for (let start = 0; start < photos.length; start += TURN) {
    const some = photos.slice(start, start + TURN)
    await pause(some.length)
    for (const photo of some) {
      if (isPlaced(photo)) placed++
      if (photo.city !== null) cities.set(photo.city, (cities.get(photo.city) ?? 0) + 1)
      if (photo.country !== null) countries.set(photo.country, (countries.get(photo.country) ?? 0) + 1)
    }
  }
  const city = mostFrequent(cities)
  const isThere = city !== null && (cities.get(city) ?? 0) >= CITY_SHARE * placed
  return [{ kind, from, to, city: isThere ? city : null, country: mostFrequent(countries), photos }]
}

/** Made once: making one takes longer than all it writes. */
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** `Rome, May 2024` where most were taken in one city; `Norway, May 2024`; `Norway, December 2024 – January 2025`; an event by its day. */
export function nameTrip({ kind, from, to, city, country }: Omit<Trip, 'photos'>): string {
  const month = (day: string) => MONTH.format(new Date(day))
  const date = (day: string) => DATE.format(new Date(day))
  const when = kind === 'event' ? date(from) : month(from) === month(to) ? month(from) : `${month(from)} – ${month(to)}`
  const where = city ?? country
  return where === null ? (kind === 'event' ? when : `Away, ${when}`) : `${where}, ${when}`
}

/** The middle of the photos of the half-degree square in which photos were taken on most days; null where nothing says where. */
async function findHome(byDay: readonly (readonly [string, readonly Taken[]])[], pause: Pause): Promise<Place | null> {
  const squares = new Map<string, { latitudes: number; longitudes: number; photos: number; days: number; lastDay: string }>()
  for (const [day, photos] of byDay) {
    for (let start = 0; start < photos.length; start += TURN) {
      const some = photos.slice(start, start + TURN)
      await pause(some.length)
      for (const photo of some.filter(isPlaced)) {
        const key = `${Math.round(photo.latitude * 2)} ${Math.round(photo.longitude * 2)}`
        const square = squares.get(key) ?? { latitudes: 0, longitudes: 0, photos: 0, days: 0, lastDay: '' }
        // sums, as the middle of 100,000 values by sorting them takes 80 ms at once
        square.latitudes += photo.latitude
        square.longitudes += photo.longitude
        square.photos++
        if (square.lastDay !== day) square.days++
        square.lastDay = day
        squares.set(key, square)
      }
    }
  }
  const [best] = [...squares.values()].sort((a, b) => b.days - a.days || b.photos - a.photos)
  return best ? { latitude: best.latitudes / best.photos, longitude: best.longitudes / best.photos } : null
}

type Pause = (photos: number) => Promise<void>

/** Lets others have their turn before more photos are looked at than fit into one. */
function createPause(turn: () => Promise<unknown>): Pause {
  let looked = 0
  return async (photos) => {
    if (looked > 0 && looked + photos > TURN) {
      looked = 0
      await turn()
    }
    looked += photos
  }
}

/** At most so many, evenly. */
function spread<T>(list: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(list.length / most)
  return step <= 1 ? list : list.filter((_, i) => i % step === 0)
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

function mostFrequent(counts: ReadonlyMap<string, number>): string | null {
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
