/** @file Filter `has_text`: only photos with, or only photos without, readable text. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const hasText: Filter<'has_text'> = (wanted) => (photo) => {
  const exists = sql<SqlBool>`exists (select 1 from ocr_texts o where o.photo_id = ${sql.ref(`${photo}.id`)} and o.text <> '')`
  return wanted ? exists : sql<SqlBool>`not ${exists}`
}
