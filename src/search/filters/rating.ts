/** @file Filter `rating`: the stars a photo has, 0–5, a person’s before the file’s. A photo without any has no rating, not 0. */
import { type SqlBool, sql } from 'kysely'
import { countLiesIn, type Filter } from './filter.ts'

/** `effective_facts.rating`, told so that both halves are index reads. */
export const rating: Filter<'rating'> = {
  keeps: (range) => (photo) => {
    const id = sql.ref(`${photo}.id`)
    return sql<SqlBool>`(
      exists (select 1 from photo_metadata m where m.photo_id = ${id} and ${countLiesIn(sql`m.rating`, range)} and not exists (
        select 1 from decisions d where d.photo_id = ${id} and d.field = 'rating' and d.key = ''))
      or exists (select 1 from decisions d where d.photo_id = ${id} and d.field = 'rating' and d.key = ''
        and ${countLiesIn(sql`(d.value #>> '{}')::integer`, range)}))`
  },
  facet: {
    rows: (of) => sql`select e.photo_id, e.rating::text as value from effective_facts e where e.rating is not null and ${of('e.photo_id')}`,
  },
}
