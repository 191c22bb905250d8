/** @file Photos by filters alone, newest first, a page at a time by key; and the few facts of photos a search needs besides. */

import { type RawBuilder, sql } from 'kysely'
import { PHOTO_STATES, type PhotoState } from '../contract/words.ts'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx } from '../db/client.ts'
import { packIds, unpackIds } from '../db/packed-ids.ts'
import { isAllowed, isInTrash, isKept, isShown } from '../db/visible.ts'
import { IdSet } from '../domain/search/id-set.ts'
import type { Predicate, Visibility } from '../domain/visibility.ts'
import { demand } from './filters/filter.ts'

export interface ListPosition {
  /** `YYYY-MM-DD HH:MM:SS.ffffff`, UTC: a JavaScript date would lose the microseconds and with them photos */
  readonly sortAt: string
  readonly id: number
}

export interface ListRow {
  readonly id: number
  readonly sort_at: string
}

interface ListPage {
  /** null for the first page */
  readonly after: ListPosition | null
  readonly limit: number
  readonly isOldestFirst: boolean
}

export async function listByTime(db: DbOrTrx, demands: readonly Predicate[], page: ListPage): Promise<ListRow[]> {
  return (await pageByTime(demands, page).execute(db)).rows
}

function pageByTime(demands: readonly Predicate[], { after, limit, isOldestFirst }: ListPage): RawBuilder<ListRow> {
  const order = sql.raw(isOldestFirst ? 'asc' : 'desc')
  const position = after
    ? sql`and (photos.sort_at, photos.id) ${sql.raw(isOldestFirst ? '>' : '<')} (${after.sortAt}::timestamp at time zone 'UTC', ${after.id}::integer)`
    : sql``
  return sql<ListRow>`
    select photos.id, to_char(photos.sort_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as sort_at
    from photos where ${demand(demands)} ${position}
    order by photos.sort_at ${order}, photos.id ${order} limit ${limit}`
}

/** These photos in the order of their time. */
export async function sortByTime(db: DbOrTrx, ids: Int32Array, sort: 'newest' | 'oldest'): Promise<Int32Array> {
  const order = sql.raw(sort === 'oldest' ? 'asc' : 'desc')
  const { rows } = await sql<{ ids: Uint8Array | null }>`
    select string_agg(int4send(id), ''::bytea order by sort_at ${order}, id ${order}) as ids
    from photos where id = any (${toIntegers(ids)})`.execute(db)
  return unpackIds(rows[0]?.ids)
}

export async function countPhotos(db: DbOrTrx, demands: readonly Predicate[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from photos where ${demand(demands)}`.execute(db)
  return rows[0]?.count ?? 0
}

/** All photos that meet the demands. */
export async function readMatching(db: DbOrTrx, demands: readonly Predicate[]): Promise<Int32Array> {
  const { rows } = await sql<{
    ids: Uint8Array | null
  }>`select ${packIds('photos.id')} as ids from photos where ${demand(demands)}`.execute(db)
  return unpackIds(rows[0]?.ids)
}

/** The photos in each state but `completed`: most are, and to pick 100,000 ids out of the table took 0.13 s. */
export async function readUnfinished(db: DbOrTrx): Promise<ReadonlyMap<PhotoState, IdSet>> {
  // named one by one, so that the index is asked; `<> 'completed'` reads the table
  const { rows } = await sql<{ value: PhotoState; ids: Uint8Array }>`
    select state as value, ${packIds('id')} as ids from photos
    where state in (${sql.join(PHOTO_STATES.filter((state) => state !== 'completed').map((state) => sql.lit(state)))}) and ${isKept('photos')}
    group by state`.execute(db)
  return new Map(rows.map(({ value, ids }) => [value, IdSet.of(unpackIds(ids))]))
}

/** What nobody is shown: files that could not be read, what is in the trash, and where `isApart` what is no photo of a person. */
export async function readHidden(db: DbOrTrx, isApart: boolean): Promise<IdSet> {
  const apart = isApart ? sql`union all select id from photos where collection <> 'photos'` : sql``
  const { rows } = await sql<{ ids: Uint8Array | null }>`
    select ${packIds('id')} as ids from (
      select id from photos where state = 'failed' union all select id from photos where ${isInTrash('photos')} ${apart}
    ) hidden`.execute(db)
  return IdSet.of(unpackIds(rows[0]?.ids))
}

/** Whether there is anything but photos of a person. */
export async function hasApart(db: DbOrTrx, sees: Visibility): Promise<boolean> {
  const { rows } = await sql<{
    has: boolean
  }>`select exists (select 1 from photos where collection <> 'photos' and ${isAllowed(sees, 'photos')}) as has`.execute(db)
  return rows[0]?.has ?? false
}

/** How many there are of each of these collections, wherever they stand but in the trash; the first one is never counted. */
export async function countApart(db: DbOrTrx, sees: Visibility): Promise<{ readonly value: string; readonly count: number }[]> {
  const { rows } = await sql<{ value: string; count: number }>`
    select collection as value, count(*)::int as count from photos where collection <> 'photos' and ${isShown(sees, 'photos')}
    group by collection order by collection desc`.execute(db)
  return rows
}

/** How these photos stand. */
export function countByState(ids: Int32Array, unfinished: ReadonlyMap<PhotoState, IdSet>): StateCount[] {
  const asked = IdSet.of(unfinished.size > 0 ? ids : [])
  const counts = [...unfinished].map(([value, own]) => ({ value, count: asked.and(own).size }))
  const others = counts.reduce((sum, { count }) => sum + count, 0)
  return sortStates([{ value: 'completed' as const, count: ids.length - others }, ...counts])
}

/** As `countByState`, of all that are not in the trash. States change while photos are analysed, so they are counted as they are now. */
export async function countStates(db: DbOrTrx, sees: Visibility): Promise<StateCount[]> {
  const { rows } = await sql<StateCount>`
    select state as value, count(*)::int as count from photos where ${isShown(sees, 'photos')} group by state`.execute(db)
  return sortStates(rows)
}

interface StateCount {
  readonly value: PhotoState
  readonly count: number
}

const sortStates = (counts: readonly StateCount[]): StateCount[] =>
  counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))

export async function readMaxPhotoId(db: DbOrTrx, sees: Visibility): Promise<number> {
  const { rows } = await sql<{ id: number }>`select coalesce(max(id), 0)::int as id from photos where ${isAllowed(sees, 'photos')}`.execute(
    db,
  )
  return rows[0]?.id ?? 0
}

/** From so many photos on, all pairs of copies are read and compared here: the list of ids would take longer to carry. */
const MANY = 2000

/** The photos of which a better copy is among these too: more pixels, then the older id. */
export async function findWorseCopies(db: DbOrTrx, ids: Int32Array): Promise<IdSet> {
  const all = IdSet.of(ids)
  const paired =
    ids.length < MANY ? ids : (await readPairs(db)).filter((_, i, pairs) => all.has(pairs[i] ?? 0) && all.has(pairs[i ^ 1] ?? 0))
  if (paired.length === 0) return IdSet.of([])
  const pairs = await readCopies(db, [...paired])
  return IdSet.of(pairs.map(([worse]) => worse))
}

/** The photos of all pairs of same pictures, pair after pair. */
async function readPairs(db: DbOrTrx): Promise<Int32Array> {
  const { rows } = await sql<{ ids: Uint8Array | null }>`
    select string_agg(int4send(photo_id_1) || int4send(photo_id_2), ''::bytea) as ids from duplicates
      where kind = 'same-picture' and verdict is distinct from 'different'`.execute(db)
  return unpackIds(rows[0]?.ids)
}

/** Same pictures among these photos, as [worse, better]: fewer pixels, then the younger id. */
export async function readCopies(db: DbOrTrx, ids: readonly number[]): Promise<[number, number][]> {
  const list = toIntegers(ids)
  const { rows } = await sql<{ ids: Uint8Array | null }>`
    select string_agg(int4send(case when first_wins then b else a end) || int4send(case when first_wins then a else b end), ''::bytea) as ids
    from (
      select a.id as a, b.id as b,
        (coalesce(a.width::bigint * a.height, 0), -a.id) > (coalesce(b.width::bigint * b.height, 0), -b.id) as first_wins
      from duplicates d join photos a on a.id = d.photo_id_1 join photos b on b.id = d.photo_id_2
      where d.kind = 'same-picture' and d.verdict is distinct from 'different'
        and d.photo_id_1 = any (${list}) and d.photo_id_2 = any (${list})
    ) pair`.execute(db)
  const flat = unpackIds(rows[0]?.ids)
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0])
}
