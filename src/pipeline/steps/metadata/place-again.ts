/** @file Photos whose metadata was read before the present list of cities get theirs from the stored position, a few at a time. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../../../db/client.ts'
import { CITY_SOURCE, findCity } from '../../../places/find-city.ts'
import { readCitySource, readOtherwisePlaced, saveCities, saveCitySource } from './store-cities.ts'

/** Photos per transaction: some 20 ms of looking up, some 10 of writing. */
const PAGE = 200

/**
 * Once per list of cities; an interrupted run goes on where it was, as what is done carries the list’s name.
 * @returns how many photos were looked up
 */
export async function placeAgain(db: Db, signal: AbortSignal): Promise<number> {
  if ((await readCitySource(db)) === CITY_SOURCE) return 0
  let placed = 0
  for (let after = 0; !signal.aborted; ) {
    const page = await readOtherwisePlaced(db, CITY_SOURCE, after, PAGE)
    const last = page.at(-1)
    if (!last) {
      await saveCitySource(db, CITY_SOURCE)
      break
    }
    const found = []
    for (const photo of page) found.push({ ...photo, city: await findCity(photo.latitude, photo.longitude, photo.country) })
    await saveCities(db, CITY_SOURCE, found)
    placed += page.length
    after = last.photo_id
    await nextTurn()
  }
  return placed
}
