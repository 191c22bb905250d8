/** @file Reads of where photos were taken: positions for a map, places with counts. */
import { sql } from 'kysely'
import type { PlaceReport, PointsAnswer } from '../contract/places.ts'
import { POINT_PARTS } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import { unpackIds } from '../db/packed-ids.ts'
import type { Predicate } from '../domain/visibility.ts'
import { demand } from './filters/filter.ts'

const part = (column: string) => sql`int4send(round(${sql.ref(column)} * ${POINT_PARTS}::float8)::integer)`

/** Of the photos that meet the demands and have a position, by id. */
export async function readPoints(db: DbOrTrx, demands: readonly Predicate[]): Promise<PointsAnswer> {
  const { rows } = await sql<{ packed: Uint8Array | null }>`
    select string_agg(int4send(m.photo_id) || ${part('m.latitude')} || ${part('m.longitude')}, ''::bytea order by m.photo_id) as packed
    from photo_metadata m join photos on photos.id = m.photo_id
    where m.latitude is not null and m.longitude is not null and ${demand(demands)}`.execute(db)
  const packed = unpackIds(rows[0]?.packed)
  const take = (offset: number) => Array.from({ length: packed.length / 3 }, (_, i) => packed[3 * i + offset] ?? 0)
  return { ids: take(0), latitudes: take(1), longitudes: take(2) }
}

/** Countries and their cities, the most photos first. Where photos lie on both sides of the date line, their middle is that of one side. */
export async function readPlaces(db: DbOrTrx, demands: readonly Predicate[]): Promise<PlaceReport[]> {
  const { rows } = await sql<PlaceReport>`
    select m.country, m.city, count(*)::int as count, max(m.photo_id) as photo_id,
      percentile_disc(0.5) within group (order by m.latitude) as latitude, percentile_disc(0.5) within group (order by m.longitude) as longitude
    from photo_metadata m join photos on photos.id = m.photo_id
    where m.country is not null and m.latitude is not null and m.longitude is not null and ${demand(demands)}
    group by m.country, m.city order by count desc, m.country, m.city nulls last`.execute(db)
  return rows
}
