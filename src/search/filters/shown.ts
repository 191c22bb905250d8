/** @file What every search demands: the photo is not in the trash. */
import { type SqlBool, sql } from 'kysely'
import type { Predicate } from './filter.ts'

export const isShown: Predicate = (photo) => sql<SqlBool>`${sql.ref(`${photo}.trashed_at`)} is null`

/** As `isShown` for a column of photo ids: the trash is small and has its own index, `photos` is not looked at. */
export const isShownId = (column: string) => sql<SqlBool>`${sql.ref(column)} not in (select id from photos where trashed_at is not null)`

/** What is demanded besides. */
export function withoutShown(demands: readonly Predicate[]): readonly Predicate[] {
  return demands.filter((predicate) => predicate !== isShown)
}
