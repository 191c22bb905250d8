/** @file Filter `from`: taken on or after this day. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const from: Filter<'from'> = {
  keeps: (day) => (photo) => sql<SqlBool>`${sql.ref(`${photo}.day`)} >= ${day}::date`,
}
