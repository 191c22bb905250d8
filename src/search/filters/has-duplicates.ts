/** @file Filter `has_duplicates`: only photos of which the library has other copies or edits, or only those without. */
import { type SqlBool, sql } from 'kysely'
import { isShownId } from '../../db/visible.ts'
import type { Predicate, Visibility } from '../../domain/visibility.ts'
import type { Filter } from './filter.ts'

/** Shots of one moment and look-alikes are photos of their own. */
const counts = sql`d.kind in ('same-picture', 'edited', 'mirrored') and d.verdict is distinct from 'different'`

const hasCopies =
  (sees: Visibility): Predicate =>
  (photo) => {
    const id = sql.ref(`${photo}.id`)
    // two look-ups by index; one with `or` would be none
    return sql<SqlBool>`(exists (select 1 from duplicates d where d.photo_id_1 = ${id} and ${counts} and ${isShownId(sees, 'd.photo_id_2')})
    or exists (select 1 from duplicates d where d.photo_id_2 = ${id} and ${counts} and ${isShownId(sees, 'd.photo_id_1')}))`
  }

export const hasDuplicates: Filter<'has_duplicates'> = {
  keeps: (isWanted, _others, sees) => (isWanted ? hasCopies(sees) : (photo) => sql<SqlBool>`not ${hasCopies(sees)(photo)}`),
}
