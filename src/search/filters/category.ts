/** @file Filter `category`: photos in any of these categories, by a person’s word or by a tag that belongs there (`photo_categories`). */
import { type SqlBool, sql } from 'kysely'
import { type Filter, lowered } from './filter.ts'

export const category: Filter<'category'> = {
  keeps: (names) =>
    names.length === 0
      ? null
      : (photo) => sql<SqlBool>`${sql.ref(`${photo}.id`)} in (
          select pc.photo_id from photo_categories pc where pc.category_id = any (array(
            select c.id from categories c where lower(c.name) in (${lowered(names)}))))`,
  facet: {
    rows: (of) =>
      sql`select pc.photo_id, c.name as value from photo_categories pc join categories c on c.id = pc.category_id where ${of('pc.photo_id')}`,
  },
}
