/** @file Filter `has_faces`: only photos with, or only photos without, faces of people. */

import { type SqlBool, sql } from 'kysely'
import type { Predicate } from '../../domain/visibility.ts'
import type { Filter } from './filter.ts'

const showsFaces: Predicate = (photo) =>
  sql<SqlBool>`exists (select 1 from faces f where f.animal is null and f.photo_id = ${sql.ref(`${photo}.id`)})`

export const hasFaces: Filter<'has_faces'> = {
  keeps: (isWanted) => (isWanted ? showsFaces : (photo) => sql<SqlBool>`not ${showsFaces(photo)}`),
}
