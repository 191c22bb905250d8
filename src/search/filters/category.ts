/** @file Filter `category`: photos with a tag that belongs to any of these categories. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const category: Filter<'category'> = (names) =>
  names.length === 0
    ? null
    : (photo) => sql<SqlBool>`${sql.ref(`${photo}.id`)} in (
        select t.photo_id from photo_tags t where t.tag = any (array(
          select m.tag from tag_category_mappings m join categories c on c.id = m.category_id
          where lower(c.name) in (${sql.join(names.map((name) => name.toLowerCase()))}))))`
