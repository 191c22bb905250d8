/** @file Filter `to`: taken on or before this day. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const to: Filter<'to'> = {
  keeps: (day) => (photo) => sql<SqlBool>`${sql.ref(`${photo}.day`)} <= ${day}::date`,
}
