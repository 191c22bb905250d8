/**
 * @file Filter `hide_duplicates`: of each set of same pictures show the best (most pixels, then the oldest id).
 * A photo steps back only for one that the rest of the query keeps too, so no set vanishes whole.
 */
import { type SqlBool, sql } from 'kysely'
import { demand, type Filter } from './filter.ts'

export const hideDuplicates: Filter<'hide_duplicates'> = {
  keeps: (isWanted, others) =>
    isWanted
      ? (photo) => {
          const own = (column: string) => sql.ref(`${photo}.${column}`)
          return sql<SqlBool>`not exists (
            select 1 from (
              select photo_id_1 as id, photo_id_2 as rival_id from duplicates
                where kind = 'same-picture' and verdict is distinct from 'different'
              union all
              select photo_id_2, photo_id_1 from duplicates
                where kind = 'same-picture' and verdict is distinct from 'different'
            ) pair join photos rival on rival.id = pair.rival_id
            where pair.id = ${own('id')} and ${demand(others, 'rival')}
              and (coalesce(rival.width::bigint * rival.height, 0), -rival.id) >
                (coalesce(${own('width')}::bigint * ${own('height')}, 0), -${own('id')}))`
        }
      : null,
}
