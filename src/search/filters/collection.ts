/** @file Filter `collection`: personal photos, product pictures, made pictures. Without it a search finds photos alone (`filters.ts`). */
import { type SqlBool, sql } from 'kysely'
import { COLLECTIONS } from '../../contract/words.ts'
import type { Filter } from './filter.ts'

export const collection: Filter<'collection'> = {
  keeps: (asked) =>
    asked.length === 0 || COLLECTIONS.every((one) => asked.includes(one))
      ? null
      : (photo) => sql<SqlBool>`${sql.ref(`${photo}.collection`)} in (${sql.join(asked)})`,
}
