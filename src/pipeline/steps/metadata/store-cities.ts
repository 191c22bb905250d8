/** @file Reads and writes for cities of photos whose metadata was read before the present list of cities: by key, no file is opened. */
import { sql } from 'kysely'
import type { Db, DbOrTrx } from '../../../db/client.ts'
import { readSetting, saveSetting } from '../../../db/settings.ts'
import { markDocumentsStale } from '../../../document/store.ts'

/** The list of cities that all photos were held against. */
const SOURCE_KEY = 'cities.source'

export const readCitySource = (db: DbOrTrx): Promise<unknown> => readSetting(db, SOURCE_KEY)

export const saveCitySource = (db: Db, source: string): Promise<void> => saveSetting(db, SOURCE_KEY, source)

export interface Placed {
  readonly photo_id: number
  readonly latitude: number
  readonly longitude: number
  readonly country: string | null
}

/** Photos with a position of which another list, or none, said the city; by id. */
export async function readOtherwisePlaced(db: DbOrTrx, source: string, after: number, limit: number): Promise<Placed[]> {
  const { rows } = await sql<Placed>`
    select photo_id, latitude, longitude, country from photo_metadata
    where photo_id > ${after} and latitude is not null and longitude is not null and city_source is distinct from ${source}
    order by photo_id limit ${limit}`.execute(db)
  return rows
}

/** Where the position is still the one that was looked up; documents whose words change are written again later. */
export async function saveCities(db: Db, source: string, found: readonly (Placed & { readonly city: string | null })[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ photo_id: number }>`
      with found as (
        select * from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as r (photo_id integer, latitude float8, longitude float8, city text)
      ), changed as (
        select m.photo_id from photo_metadata m join found f on f.photo_id = m.photo_id where m.city is distinct from f.city
      ), saved as (
        update photo_metadata m set city = f.city, city_source = ${source} from found f
        where m.photo_id = f.photo_id and m.latitude = f.latitude and m.longitude = f.longitude returning m.photo_id
      )
      select s.photo_id from saved s join changed c on c.photo_id = s.photo_id`.execute(trx)
    await markDocumentsStale(
      trx,
      rows.map((row) => row.photo_id),
    )
  })
}
