/** @file Filter `has_text`: only photos with, or only photos without, readable text. */

import { type SqlBool, sql } from 'kysely'
import type { Predicate } from '../../domain/visibility.ts'
import type { Filter } from './filter.ts'

const holdsText: Predicate = (photo) =>
  sql<SqlBool>`exists (select 1 from ocr_texts o where o.photo_id = ${sql.ref(`${photo}.id`)} and o.text <> '')`

export const hasText: Filter<'has_text'> = {
  keeps: (isWanted) => (isWanted ? holdsText : (photo) => sql<SqlBool>`not ${holdsText(photo)}`),
}
