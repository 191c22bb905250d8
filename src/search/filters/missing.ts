/** @file Filter `missing`: only photos whose file is not where it was, or only those whose file is there. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const missing: Filter<'missing'> = {
  keeps: (isWanted) => (photo) => sql<SqlBool>`(${sql.ref(`${photo}.missing_since`)} is not null) = ${isWanted}::boolean`,
}
