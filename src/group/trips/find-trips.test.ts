/** @file Trips away from home are found whole, named by place and time; a busy day at home is an event; without places there are no trips. */
import { expect, it } from 'vitest'
import { Days, findTrips, nameTrip, type Taken, TURN } from './find-trips.ts'

let id = 0
const OSLO = { latitude: 59.91, longitude: 10.75, city: 'Oslo', country: 'Norway' }
const ROME = { latitude: 41.9, longitude: 12.5, city: 'Rome', country: 'Italy' }
const NOWHERE = { latitude: null, longitude: null, city: null, country: null }
const take = (day: string, count: number, place: Omit<Taken, 'id' | 'day'>): Taken[] =>
  Array.from({ length: count }, () => ({ id: ++id, day, ...place }))

const find = (photos: readonly Taken[]) => {
  const days = new Days()
  days.add(photos)
  return findTrips(days)
}

const home = ['01-03', '01-20', '02-11', '03-05', '04-17', '08-02', '09-09'].flatMap((day) => take(`2024-${day}`, 2, OSLO))

it('a trip is its days away, also those without a place between, not those at home', async () => {
  const photos = [
    ...home,
    ...take('2024-05-03', 4, ROME),
    ...take('2024-05-04', 3, NOWHERE),
    ...take('2024-05-06', 4, ROME),
    ...take('2024-05-07', 2, OSLO),
  ]
  const [trip, ...others] = await find(photos)
  expect(others).toEqual([])
  expect(trip).toMatchObject({ kind: 'trip', from: '2024-05-03', to: '2024-05-06', city: 'Rome', country: 'Italy' })
  expect(trip?.photos).toHaveLength(11)
  expect(nameTrip(trip!)).toBe('Rome, May 2024')
})

it('a trip through several cities is called by its country', async () => {
  const florence = { ...ROME, latitude: 43.77, longitude: 11.25, city: 'Florence' }
  const [trip] = await find([...home, ...take('2024-05-03', 5, ROME), ...take('2024-05-05', 5, florence)])
  expect(trip).toMatchObject({ city: null, country: 'Italy' })
  expect(nameTrip(trip!)).toBe('Italy, May 2024')
})

it('a long gap parts two trips, a few photos are none, a busy day at home is an event', async () => {
  const photos = [
    ...home,
    ...take('2024-05-03', 5, ROME),
    ...take('2024-05-20', 5, ROME),
    ...take('2024-06-20', 2, ROME),
    ...take('2024-07-07', 30, OSLO),
  ]
  expect((await find(photos)).map((trip) => [trip.kind, trip.from])).toEqual([
    ['event', '2024-07-07'],
    ['trip', '2024-05-20'],
    ['trip', '2024-05-03'],
  ])
  expect(nameTrip({ kind: 'event', from: '2024-07-07', to: '2024-07-07', city: null, country: 'Norway' })).toBe('Norway, 7 July 2024')
  expect(nameTrip({ kind: 'trip', from: '2024-12-28', to: '2025-01-02', city: null, country: null })).toBe(
    'Away, December 2024 – January 2025',
  )
})

it('nothing is a trip where nothing says where', async () => {
  expect(await find([])).toEqual([])
  expect(await find(take('2024-05-03', 9, NOWHERE))).toEqual([])
})

it('looks at no more photos in a turn than fit into one, whatever the days are like', async () => {
  let [looked, most] = [0, 0]
  const seen = new Set<number>()
  /** a photo that counts how often it is looked at */
  const watch = (photo: Taken): Taken => ({
    ...photo,
    get latitude() {
      seen.add(photo.id)
      looked++
      return photo.latitude
    },
  })
  const photos = [
    ...home,
    ...take('2024-05-03', 3 * TURN, ROME),
    ...take('2024-05-04', TURN + 1, NOWHERE),
    ...take('2024-06-01', 2 * TURN, OSLO),
    ...Array.from({ length: 40 }, (_, i) => take(`2023-0${1 + (i % 9)}-1${i % 10}`, TURN / 8, OSLO)).flat(),
  ]
  const days = new Days()
  days.add(photos.map(watch))
  const trips = await findTrips(days, () => {
    most = Math.max(most, looked)
    looked = 0
    return Promise.resolve()
  })
  most = Math.max(most, looked)
  expect(trips.map(({ kind, from, photos: own }) => [kind, from, own.length])).toContainEqual(['trip', '2024-05-03', 3 * TURN])
  expect(seen.size).toBe(photos.length)
  // whether it has a place, its square, its distance: a few looks at each
  expect(most).toBeLessThanOrEqual(8 * TURN)
  expect(most).toBeGreaterThan(0)
})
