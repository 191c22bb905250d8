/** @file Filter `area`: taken within a rectangle of the map; one whose west lies east of its east goes over the date line. */
import { sql } from 'kysely'
import { parseArea } from '../../contract/search-filters.ts'
import { type Filter, metadataMeets } from './filter.ts'

export const area: Filter<'area'> = {
  keeps: (rectangle) => {
    const { south, west, north, east } = parseArea(rectangle)
    const word = sql.raw(west <= east ? 'and' : 'or')
    return metadataMeets(sql`m.latitude between ${south}::float8 and ${north}::float8
      and (m.longitude >= ${west}::float8 ${word} m.longitude <= ${east}::float8)`)
  },
}
