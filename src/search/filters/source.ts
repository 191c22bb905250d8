/** @file Filter `source`: photos with a file in any of these sources. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const source: Filter<'source'> = {
  keeps: (ids) =>
    ids.length === 0
      ? null
      : (photo) =>
          sql<SqlBool>`exists (select 1 from photo_files f where f.photo_id = ${sql.ref(`${photo}.id`)} and f.source_id in (${sql.join(ids)}))`,
  facet: {
    rows: (of) => sql`select distinct f.photo_id, f.source_id::text as value from photo_files f where ${of('f.photo_id')}`,
    labels: async (db, ids) => {
      const found = await db.selectFrom('sources').select(['id', 'path']).where('id', 'in', ids.map(Number)).execute()
      return new Map(found.map(({ id, path }) => [String(id), path ?? 'uploads']))
    },
  },
}
