/** @file Filter `favourite`: only photos a person marked so, or only the others. */

import { type SqlBool, sql } from 'kysely'
import type { Predicate } from '../../domain/visibility.ts'
import type { Filter } from './filter.ts'

const isFavourite: Predicate = (photo) => sql<SqlBool>`exists (
  select 1 from decisions d where d.photo_id = ${sql.ref(`${photo}.id`)} and d.field = 'favourite' and d.key = '' and d.value = 'true')`

export const favourite: Filter<'favourite'> = {
  keeps: (isWanted) => (isWanted ? isFavourite : (photo) => sql<SqlBool>`not ${isFavourite(photo)}`),
}
