/** @file Filter `state`: photos that stand at any of these points of their way. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const state: Filter<'state'> = {
  keeps: (states) => (states.length === 0 ? null : (photo) => sql<SqlBool>`${sql.ref(`${photo}.state`)} in (${sql.join(states)})`),
}
