/** @file Photos of albums filled by hand: pages by place, adding, taking out, moving. */

import { sql } from 'kysely'
import { toFloats, toIntegers } from '../../db/arrays.ts'
import type { DbOrTrx, Trx } from '../../db/client.ts'
import { isAllowedId, isShownId } from '../../db/visible.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { spreadPlaces } from './places.ts'

export interface Placed {
  readonly photo_id: number
  readonly place: number
}

/** In the order of the album; ties by id. */
export async function readMembers(db: DbOrTrx, sees: Visibility, albumId: number, after: Placed | null, limit: number): Promise<Placed[]> {
  const { rows } = await sql<Placed>`
    select photo_id, place from album_photos where album_id = ${albumId} and ${isShownId(sees, 'photo_id')}
      ${after ? sql`and (place, photo_id) > (${after.place}::float8, ${after.photo_id}::integer)` : sql``}
    order by place, photo_id limit ${limit}`.execute(db)
  return rows
}

/** All of them, in the order of the album. One row, so that 100,000 are carried at once. */
export async function listMembers(db: DbOrTrx, sees: Visibility, albumId: number): Promise<number[]> {
  const { rows } = await sql<{ ids: number[] | null }>`
    select array_agg(photo_id order by place, photo_id) as ids from album_photos where album_id = ${albumId} and ${isAllowedId(sees, 'photo_id')}`.execute(
    db,
  )
  return rows[0]?.ids ?? []
}

export async function countMembers(db: DbOrTrx, sees: Visibility, albumId: number): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select count(*)::int as count from album_photos where album_id = ${albumId} and ${isShownId(sees, 'photo_id')}`.execute(db)
  return rows[0]?.count ?? 0
}

export async function isMember(db: DbOrTrx, sees: Visibility, albumId: number, photoId: number): Promise<boolean> {
  const row = await db
    .selectFrom('album_photos')
    .select('photo_id')
    .where('album_id', '=', albumId)
    .where('photo_id', '=', photoId)
    .where(isAllowedId(sees, 'photo_id'))
    .executeTakeFirst()
  return row !== undefined
}

/** Puts photos at the end, in this order. @returns those that were not in it */
export async function appendMembers(trx: Trx, albumId: number, photoIds: readonly number[]): Promise<Placed[]> {
  const { rows } = await sql<Placed>`
    insert into album_photos (album_id, photo_id, place)
    select ${albumId}::integer, p.id, (select coalesce(max(place), 0) from album_photos where album_id = ${albumId}) + wanted.place
    from unnest(${toIntegers(photoIds)}) with ordinality as wanted (id, place) join photos p on p.id = wanted.id
    on conflict do nothing returning photo_id, place`.execute(trx)
  return rows
}

/** @returns those that were in it, with their places; a cover among them is no cover any more */
export async function deleteMembers(trx: Trx, albumId: number, photoIds: readonly number[]): Promise<Placed[]> {
  const list = toIntegers(photoIds)
  await sql`update albums set cover_photo_id = null where id = ${albumId} and cover_photo_id = any (${list})`.execute(trx)
  const { rows } = await sql<Placed>`
    delete from album_photos where album_id = ${albumId} and photo_id = any (${list}) returning photo_id, place`.execute(trx)
  return rows
}

/** Gives photos these places; `isNew` puts those back that are not in the album. @returns how many changed */
export async function setPlaces(trx: Trx, albumId: number, placed: readonly Placed[], isNew: boolean): Promise<number> {
  const [ids, places] = [toIntegers(placed.map((row) => row.photo_id)), toFloats(placed.map((row) => row.place))]
  const wanted = sql`unnest(${ids}, ${places}) as wanted (id, place)`
  const { numAffectedRows } = isNew
    ? await sql`
        insert into album_photos (album_id, photo_id, place)
        select ${albumId}::integer, p.id, wanted.place from ${wanted} join photos p on p.id = wanted.id on conflict do nothing`.execute(trx)
    : await sql`
        update album_photos ap set place = wanted.place from ${wanted}
        where ap.album_id = ${albumId} and ap.photo_id = wanted.id and ap.place <> wanted.place`.execute(trx)
  return Number(numAffectedRows ?? 0)
}

/** @returns the places before, of those that are in the album */
export async function moveMembers(trx: Trx, albumId: number, photoIds: readonly number[], before: number | null): Promise<Placed[]> {
  const list = toIntegers(photoIds)
  const { rows: old } = await sql<Placed>`
    select photo_id, place from album_photos where album_id = ${albumId} and photo_id = any (${list})`.execute(trx)
  const known = new Set(old.map((row) => row.photo_id))
  const moving = photoIds.filter((id) => known.has(id))
  const read = async () => {
    const { rows } = await sql<{ low: number | null; high: number | null }>`
      with others as (select photo_id, place from album_photos where album_id = ${albumId} and photo_id <> all (${list})),
      next as (select photo_id, place from others where photo_id = ${before ?? 0})
      select (select max(o.place) from others o
        where ${before === null ? sql`true` : sql`(o.place, o.photo_id) < (select place, photo_id from next)`}) as low,
        (select place from next) as high`.execute(trx)
    return spreadPlaces(rows[0]?.low ?? null, rows[0]?.high ?? null, moving.length)
  }
  let places = await read()
  if (places === null) {
    // no room left between two: all get whole numbers again, which changes no order
    await sql`
      update album_photos ap set place = own.place
      from (select photo_id, row_number() over (order by place, photo_id) as place from album_photos where album_id = ${albumId}) own
      where ap.album_id = ${albumId} and ap.photo_id = own.photo_id`.execute(trx)
    places = (await read()) ?? moving.map((_, index) => index)
  }
  const given = places
  await setPlaces(
    trx,
    albumId,
    moving.map((photo_id, index) => ({ photo_id, place: given[index] ?? 0 })),
    false,
  )
  return old
}
