/** @file Filter `cluster`: photos in any of these clusters. */
import { type SqlBool, sql } from 'kysely'
import { isAllowedId } from '../../db/visible.ts'
import type { Filter } from './filter.ts'

export const cluster: Filter<'cluster'> = {
  keeps: (ids) =>
    ids.length === 0
      ? null
      : (photo) =>
          sql<SqlBool>`${sql.ref(`${photo}.id`)} in (select cp.photo_id from cluster_photos cp where cp.cluster_id in (${sql.join(ids)}))`,
  groups: {
    rows: sql`select cp.photo_id, cp.cluster_id::text as value from cluster_photos cp join clusters c on c.id = cp.cluster_id where not c.is_hidden`,
    names: async (db, sees) => {
      const clusters = await db
        .selectFrom('clusters')
        .select(['id', 'name'])
        .where('is_hidden', '=', false)
        .$if(sees.allowed !== null, (query) =>
          query.where(
            sql<SqlBool>`exists (select 1 from cluster_photos cp where cp.cluster_id = clusters.id and ${isAllowedId(sees, 'cp.photo_id')})`,
          ),
        )
        .execute()
      return clusters.flatMap(({ id, name }) => (name === null ? [] : [{ value: String(id), label: name }]))
    },
  },
}
