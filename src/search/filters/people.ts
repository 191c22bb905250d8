/** @file Filter `people`: photos that show all of these people. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const people: Filter<'people'> = (ids) =>
  ids.length === 0
    ? null
    : (photo) =>
        sql<SqlBool>`(${sql.join(
          ids.map((id) => sql`${sql.ref(`${photo}.id`)} in (select f.photo_id from faces f where f.person_id = ${id})`),
          sql` and `,
        )})`
