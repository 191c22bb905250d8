/** @file Trips of the library, found when they are asked for. */
import type { TripReport } from '../../contract/clusters.ts'
import type { Db } from '../../db/client.ts'
import { keepRead } from '../../library/keep-read.ts'
import { findTrips, nameTrip, type Taken } from './find-trips.ts'
import { readTaken } from './store.ts'

const PAGE = 5000
const SHOWN = 4

export function createTrips(db: Db): () => Promise<TripReport[]> {
  return keepRead(async () => {
    const photos: Taken[] = []
    for (let after = 0; ; after = photos.at(-1)?.id ?? 0) {
      const page = await readTaken(db, after, PAGE)
      photos.push(...page)
      if (page.length < PAGE) break
    }
    return findTrips(photos).map(({ photos: own, ...trip }) => ({
      ...trip,
      name: nameTrip(trip),
      count: own.length,
      photo_ids: Array.from({ length: Math.min(SHOWN, own.length) }, (_, i) => own[Math.floor((i * own.length) / SHOWN)]?.id ?? 0).filter(
        (id) => id > 0,
      ),
    }))
  })
}
