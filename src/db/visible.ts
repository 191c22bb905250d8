/**
 * @file Which photos a read may show: the one place that says what hides a photo (ADR 82). `isAllowed`: it exists for whoever asks. `isShown`: and
 * does not lie in the trash. The trash alone, for work that is nobody’s reading: `isInTrash`, `isKept`. Each also for a column of photo ids.
 */

import { type Expression, type SqlBool, sql } from 'kysely'
import type { Predicate, Visibility } from '../domain/visibility.ts'
import { toIntegers } from './arrays.ts'
import type { DbOrTrx } from './client.ts'

export const isInTrash = (photo: string) => sql<boolean>`${sql.ref(`${photo}.trashed_at`)} is not null`

export const isKept = (photo: string) => sql<boolean>`${sql.ref(`${photo}.trashed_at`)} is null`

/** The trash is small and has its own index, `photos` is not looked at. */
export const isKeptId = (column: string) => sql<SqlBool>`${sql.ref(column)} not in (select id from photos where trashed_at is not null)`

export const isAllowed = ({ allowed }: Visibility, photo: string): Expression<SqlBool> => (allowed ? allowed(photo) : sql<SqlBool>`true`)

export const isAllowedId = ({ allowed }: Visibility, column: string): Expression<SqlBool> =>
  allowed ? sql<SqlBool>`${sql.ref(column)} in (select seen.id from photos as seen where ${allowed('seen')})` : sql<SqlBool>`true`

export const isShown = ({ allowed }: Visibility, photo: string): Expression<SqlBool> =>
  allowed ? sql<SqlBool>`(${isKept(photo)} and ${allowed(photo)})` : isKept(photo)

export const isShownId = (sees: Visibility, column: string): Expression<SqlBool> =>
  sees.allowed ? sql<SqlBool>`(${isKeptId(column)} and ${isAllowedId(sees, column)})` : isKeptId(column)

/** Files that could not be read are told among the failures. They are few and have an index: `photos_by_day` alone can answer the rest. */
export const isReadable: Predicate = (photo) =>
  sql<SqlBool>`${sql.ref(`${photo}.id`)} not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null)`

/** As `isPersonal` for a column of photo ids. What stands apart has its own index, `photos` is not looked at. */
export const isPersonalId = (column: string) =>
  sql<SqlBool>`${sql.ref(column)} not in (select id from photos as other where other.collection <> 'photos')`

/** No product picture and no made one: those are shown where they are asked for (filter `collection`). */
export const isPersonal: Predicate = (photo) => isPersonalId(`${photo}.id`)

/** What is demanded besides what lies in the trash, could not be read, or stands apart: indexes in memory leave those out themselves. */
export function withoutShown(demands: readonly Predicate[]): readonly Predicate[] {
  return demands.filter((predicate) => predicate !== isKept && predicate !== isReadable && predicate !== isPersonal)
}

/** Of these, in their order, those that exist for whoever asks: the others are treated as ids that never were. */
export async function onlyAllowed(db: DbOrTrx, sees: Visibility, ids: readonly number[]): Promise<readonly number[]> {
  if (sees.allowed === null || ids.length === 0) return ids
  const rows = await db
    .selectFrom('photos')
    .select('id')
    .where(sql<SqlBool>`id = any (${toIntegers(ids)})`)
    .where(sees.allowed('photos'))
    .execute()
  const allowed = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => allowed.has(id))
}

export async function photoExists(db: DbOrTrx, sees: Visibility, id: number): Promise<boolean> {
  return (await db.selectFrom('photos').select('id').where('id', '=', id).where(isAllowed(sees, 'photos')).executeTakeFirst()) !== undefined
}

/** Asks nothing where every photo may be seen: for what finds out itself whether the photo is there. */
export async function mayBeSeen(db: DbOrTrx, sees: Visibility, id: number): Promise<boolean> {
  return (await onlyAllowed(db, sees, [id])).length > 0
}
