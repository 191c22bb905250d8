/** @file Filter `has_duplicates`: only photos of which the library has other copies or edits, or only those without. */
import { type SqlBool, sql } from 'kysely'
import type { Filter, Predicate } from './filter.ts'

const hasCopies: Predicate = (photo) => {
  const id = sql.ref(`${photo}.id`)
  // two look-ups by index; one with `or` would be none
  return sql<SqlBool>`(exists (select 1 from duplicates d where d.photo_id_1 = ${id})
    or exists (select 1 from duplicates d where d.photo_id_2 = ${id}))`
}

export const hasDuplicates: Filter<'has_duplicates'> = {
  keeps: (isWanted) => (isWanted ? hasCopies : (photo) => sql<SqlBool>`not ${hasCopies(photo)}`),
}
