/** @file Filter `near`: taken within so many kilometres of a point, on the sphere. */
import { sql } from 'kysely'
import { parseCircle } from '../../contract/search-filters.ts'
import { type Filter, metadataMeets } from './filter.ts'

const EARTH_KM = 6371
/** One degree of latitude; a little less than it is, so that the strip the index reads is never too narrow. */
const KM_PER_DEGREE = 111

export const near: Filter<'near'> = {
  keeps: (circle) => {
    const { latitude, longitude, km } = parseCircle(circle)
    const strip = km / KM_PER_DEGREE
    // haversine: exact for small distances too; `least` because rounding can pass 1 at the antipode
    const half = sql`(sin(radians(m.latitude - ${latitude}::float8) / 2) ^ 2
      + cos(radians(${latitude}::float8)) * cos(radians(m.latitude)) * sin(radians(m.longitude - ${longitude}::float8) / 2) ^ 2)`
    return metadataMeets(sql`m.latitude between ${latitude - strip} and ${latitude + strip}
      and ${2 * EARTH_KM} * asin(sqrt(least(1, ${half}))) <= ${km}`)
  },
}
