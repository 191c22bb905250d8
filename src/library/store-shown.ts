/** @file What every list and search demands: the photo is not in the trash, its file could be read, and it is one of a person’s photos. */
import { type Expression, type SqlBool, sql } from 'kysely'

/** An expression over the row of `photos` that goes by the name `photo` in the query. */
export type Predicate = (photo: string) => Expression<SqlBool>

export const isShown: Predicate = (photo) => sql<SqlBool>`${sql.ref(`${photo}.trashed_at`)} is null`

/** As `isShown` for a column of photo ids: the trash is small and has its own index, `photos` is not looked at. */
export const isShownId = (column: string) => sql<SqlBool>`${sql.ref(column)} not in (select id from photos where trashed_at is not null)`

/** Files that could not be read are told among the failures. They are few and have an index: `photos_by_day` alone can answer the rest. */
export const isReadable: Predicate = (photo) =>
  sql<SqlBool>`${sql.ref(`${photo}.id`)} not in (select id from photos as other where other.state = 'failed' and other.trashed_at is null)`

/** As `isPersonal` for a column of photo ids. What stands apart has its own index, `photos` is not looked at. */
export const isPersonalId = (column: string) =>
  sql<SqlBool>`${sql.ref(column)} not in (select id from photos as other where other.collection <> 'photos')`

/** No product picture and no made one: those are shown where they are asked for (filter `collection`). */
export const isPersonal: Predicate = (photo) => isPersonalId(`${photo}.id`)

/** What is demanded besides. */
export function withoutShown(demands: readonly Predicate[]): readonly Predicate[] {
  return demands.filter((predicate) => predicate !== isShown && predicate !== isReadable && predicate !== isPersonal)
}
