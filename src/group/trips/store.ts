/** @file When and where photos were taken, page by page. */
import { sql } from 'kysely'
import type { DbOrTrx } from '../../db/client.ts'
import { isShown } from '../../db/visible.ts'
import type { Visibility } from '../../domain/visibility.ts'
import type { Taken } from './find-trips.ts'

/** The columns of a page, each a list by photo. */
interface TakenPage {
  readonly ids: number[] | null
  readonly days: string[]
  readonly latitudes: (number | null)[]
  readonly longitudes: (number | null)[]
  readonly cities: (string | null)[]
  readonly countries: (string | null)[]
}

/** Only photos whose own metadata says when: the day a file was made says nothing of a trip. */
export async function readTaken(db: DbOrTrx, sees: Visibility, afterId: number, limit: number): Promise<Taken[]> {
  // one row instead of thousands, whose decoding would hold the event loop
  const { rows } = await sql<TakenPage>`
    select array_agg(id order by id) as ids, array_agg(day order by id) as days, array_agg(latitude order by id) as latitudes,
      array_agg(longitude order by id) as longitudes, array_agg(city order by id) as cities, array_agg(country order by id) as countries
    from (
      select p.id, p.day::text as day, m.latitude, m.longitude, m.city, m.country from photos p left join photo_metadata m on m.photo_id = p.id
      where p.id > ${afterId} and p.taken_local is not null and ${isShown(sees, 'p')} order by p.id limit ${limit}) page`.execute(db)
  const [page] = rows
  return (page?.ids ?? []).map((id, i) => ({
    id,
    day: page?.days[i] ?? '',
    latitude: page?.latitudes[i] ?? null,
    longitude: page?.longitudes[i] ?? null,
    city: page?.cities[i] ?? null,
    country: page?.countries[i] ?? null,
  }))
}
