/** @file Albums as rows: lists with counts and covers, changes of name and place, deletion that can be taken back. */

import { type Expression, type SqlBool, sql } from 'kysely'
import type { AlbumReport } from '../../contract/albums.ts'
import { type Message, render } from '../../contract/messages/message.ts'
import { toIntegers } from '../../db/arrays.ts'
import type { DbOrTrx, Trx } from '../../db/client.ts'
import { isAllowed, isShown } from '../../db/visible.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { type PhotoCard, toIso } from '../../library/photo-card.ts'
import { readPhotoCards } from '../../library/store-photos.ts'

/** Pictures on the card of an album without a chosen cover. */
const COVERS = 4
/** The deletion of an album can be undone for this long. */
const KEPT_DAYS = 30

interface AlbumRow {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly kind: AlbumReport['kind']
  readonly search: Record<string, unknown> | null
  readonly problem: Message | null
  readonly parent_id: number | null
  readonly cover_photo_id: number | null
  readonly version: number
  readonly made_at: Date
  readonly changed_at: Date
  readonly count: number
  readonly first_day: string | null
  readonly last_day: string | null
  readonly cover_ids: number[]
}

async function readRows(db: DbOrTrx, sees: Visibility, which: Expression<SqlBool>): Promise<AlbumReport[]> {
  const { rows } = await sql<AlbumRow>`
    select a.id, a.name, a.description, a.kind, a.search, a.problem, parent.id as parent_id, cover.id as cover_photo_id, a.version, a.made_at,
      a.changed_at, coalesce(held.count, 0)::int as count, held.first_day, held.last_day,
      case when cover.id is not null then array[cover.id] else array(
        select ap.photo_id from album_photos ap join photos p on p.id = ap.photo_id and ${isShown(sees, 'p')}
        where ap.album_id = a.id order by ap.place, ${newestFirst()} limit ${sql.lit(COVERS)}) end as cover_ids
    from albums a
    left join photos cover on cover.id = a.cover_photo_id and ${isAllowed(sees, 'cover')}
    left join albums parent on parent.id = a.parent_id and parent.deleted_at is null
    left join lateral (
      select count(*) as count, min(p.day)::text as first_day, max(p.day)::text as last_day
      from album_photos ap join photos p on p.id = ap.photo_id and ${isShown(sees, 'p')} where ap.album_id = a.id) held on true
    where a.deleted_at is null and ${which} order by lower(a.name), a.id`.execute(db)
  const cards = new Map((await readPhotoCards(db, sees, [...new Set(rows.flatMap((row) => row.cover_ids))])).map((card) => [card.id, card]))
  return rows.map((row) => toReport(row, cards))
}

/** What a saved search lists has no places: newest first, as the search shows it. */
const newestFirst = () => sql`p.sort_at desc, p.id desc`

function toReport({ cover_ids, made_at, changed_at, ...row }: AlbumRow, cards: ReadonlyMap<number, PhotoCard>): AlbumReport {
  return {
    ...row,
    problem: render(row.problem),
    message: row.problem,
    covers: cover_ids.flatMap((id) => cards.get(id) ?? []),
    made_at: toIso(made_at),
    changed_at: toIso(changed_at),
  }
}

/** By name. */
export function listAlbums(db: DbOrTrx, sees: Visibility): Promise<AlbumReport[]> {
  return readRows(db, sees, sql<SqlBool>`true`)
}

export async function readAlbum(db: DbOrTrx, sees: Visibility, id: number): Promise<AlbumReport | undefined> {
  return (await readRows(db, sees, sql<SqlBool>`a.id = ${id}`))[0]
}

export interface NewAlbum {
  readonly name: string
  readonly description: string
  readonly parent_id: number | null
  readonly search: Record<string, unknown> | null
}

export async function insertAlbum(trx: Trx, { search, ...album }: NewAlbum): Promise<number> {
  const values = {
    ...album,
    kind: search === null ? ('by-hand' as const) : ('by-search' as const),
    search: search && JSON.stringify(search),
  }
  return (await trx.insertInto('albums').values(values).returning('id').executeTakeFirstOrThrow()).id
}

export interface LockedAlbum {
  readonly name: string
  readonly kind: AlbumReport['kind']
  readonly version: number
}

/** Holds the album against other changes until the transaction ends; undefined for one that is not there or deleted. */
export async function lockAlbum(trx: Trx, id: number): Promise<LockedAlbum | undefined> {
  return trx
    .selectFrom('albums')
    .select(['name', 'kind', 'version'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

export interface AlbumValues {
  name?: string
  description?: string
  parent_id?: number | null
  cover_photo_id?: number | null
  search?: string
}

export async function updateAlbum(trx: Trx, id: number, values: AlbumValues): Promise<void> {
  await trx
    .updateTable('albums')
    .set((e) => ({ ...values, version: e('version', '+', 1), changed_at: new Date() }))
    .where('id', '=', id)
    .execute()
}

/** Whether `id` is the album itself or lies, however deep, within it. */
export async function liesWithin(trx: Trx, id: number, albumId: number): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    with recursive up (id, parent_id) as (
      select id, parent_id from albums where id = ${id}
      union select a.id, a.parent_id from albums a join up on a.id = up.parent_id)
    select id from up where id = ${albumId}`.execute(trx)
  return rows.length > 0
}

/** @returns its name; undefined when there is no such album */
export async function markDeleted(trx: Trx, id: number): Promise<string | undefined> {
  await sql`delete from albums where deleted_at < now() - make_interval(days => ${sql.lit(KEPT_DAYS)})`.execute(trx)
  const done = await trx
    .updateTable('albums')
    .set({ deleted_at: new Date() })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returning('name')
    .executeTakeFirst()
  return done?.name
}

/** @returns false when there is no such deleted album */
export async function unmarkDeleted(trx: Trx, id: number): Promise<boolean> {
  const done = await trx
    .updateTable('albums')
    .set({ deleted_at: null })
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

export interface SavedSearch {
  readonly id: number
  readonly search: Record<string, unknown>
}

export async function listSavedSearches(db: DbOrTrx): Promise<SavedSearch[]> {
  const rows = await db
    .selectFrom('albums')
    .select(['id', 'search'])
    .where('kind', '=', 'by-search')
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.flatMap(({ id, search }) => (search === null ? [] : [{ id, search }]))
}

/** Makes these, in this order (ranked) or in none, the photos of a saved search. Only what differs is written. */
export async function fillAlbum(
  trx: Trx,
  id: number,
  photoIds: readonly number[],
  isRanked: boolean,
  problem: Message | null,
): Promise<void> {
  const list = toIntegers(photoIds)
  await sql`delete from album_photos where album_id = ${id} and photo_id <> all (${list})`.execute(trx)
  await sql`
    insert into album_photos (album_id, photo_id, place)
    select ${id}::integer, p.id, ${isRanked ? sql`wanted.place` : sql`0`} from unnest(${list}) with ordinality as wanted (id, place)
    join photos p on p.id = wanted.id
    on conflict (album_id, photo_id) do update set place = excluded.place where album_photos.place <> excluded.place`.execute(trx)
  const stored = problem && JSON.stringify(problem)
  await sql`update albums set problem = ${stored}::jsonb,
    cover_photo_id = case when cover_photo_id = any (${list}) then cover_photo_id end
    where id = ${id} and (problem is distinct from ${stored}::jsonb or cover_photo_id is not null)`.execute(trx)
}

/** A photo of the library, drawn by a number from 0 to 1; undefined in an empty one. */
export async function drawPhoto(db: DbOrTrx, sees: Visibility, at: number): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    select id from (
      (select id, 0 as turn from photos where width is not null and ${isShown(sees, 'photos')} and collection = 'photos'
        and id >= (select floor(max(id) * ${at}::float8)::int from photos where ${isShown(sees, 'photos')}) order by id limit 1)
      union all (select id, 1 from photos where width is not null and ${isShown(sees, 'photos')} and collection = 'photos' order by id limit 1)
    ) drawn order by turn limit 1`.execute(db)
  return rows[0]?.id
}
