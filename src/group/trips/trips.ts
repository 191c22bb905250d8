/** @file Trips of the library, found when they are asked for. */
import type { TripReport } from '../../contract/clusters.ts'
import type { Db } from '../../db/client.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { keepReadFor } from '../../library/keep-read.ts'
import { Days, findTrips, nameTrip } from './find-trips.ts'
import { readTaken } from './store.ts'

/** Rows per read: their decoding is what holds the event loop longest. */
const PAGE = 1000
const SHOWN = 4

export function createTrips(db: Db): (sees: Visibility) => Promise<TripReport[]> {
  return keepReadFor(async (sees) => {
    const days = new Days()
    for (let after = 0; ; ) {
      const page = await readTaken(db, sees, after, PAGE)
      days.add(page)
      if (page.length < PAGE) break
      after = page.at(-1)?.id ?? after
    }
    return (await findTrips(days)).map(({ photos: own, ...trip }) => ({
      ...trip,
      name: nameTrip(trip),
      count: own.length,
      photo_ids: Array.from({ length: Math.min(SHOWN, own.length) }, (_, i) => own[Math.floor((i * own.length) / SHOWN)]?.id ?? 0).filter(
        (id) => id > 0,
      ),
    }))
  })
}
