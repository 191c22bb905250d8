/** @file Filter `cluster`: photos in any of these clusters. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

// No facet: the counts follow search documents, which clusters do not rewrite; `/api/clusters` counts them.
export const cluster: Filter<'cluster'> = {
  keeps: (ids) =>
    ids.length === 0
      ? null
      : (photo) =>
          sql<SqlBool>`${sql.ref(`${photo}.id`)} in (select cp.photo_id from cluster_photos cp where cp.cluster_id in (${sql.join(ids)}))`,
}
