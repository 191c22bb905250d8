/** @file Filters `added_from` and `added_to`: when a photo came into the library, by days of UTC. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

const startOf = (day: string) => sql`(${day}::date::timestamp at time zone 'UTC')`

export const added_from: Filter<'added_from'> = {
  keeps: (day) => (photo) => sql<SqlBool>`${sql.ref(`${photo}.created_at`)} >= ${startOf(day)}`,
}

export const added_to: Filter<'added_to'> = {
  keeps: (day) => (photo) => sql<SqlBool>`${sql.ref(`${photo}.created_at`)} < ${startOf(day)} + interval '1 day'`,
}
