/** @file Rows of clusters that are merged or come back, and what a merge changed. */

import { sql } from 'kysely'
import { toIntegers } from '../../db/arrays.ts'
import type { Trx } from '../../db/client.ts'
import type { ClusterMerge, ClusterState } from '../../db/tables/clusters.ts'

/** Both as they are, locked in the order of their ids; undefined where one is not there. */
export async function readMergeable(trx: Trx, id: number, into: number): Promise<[ClusterState | undefined, ClusterState | undefined]> {
  const rows = await trx
    .selectFrom('clusters')
    .select([
      'id',
      'name',
      'said_by',
      'is_kept',
      'is_hidden',
      'description',
      'tags',
      'primary_category',
      'models',
      'fallback_used',
      'images_analyzed',
      'labelled_size',
    ])
    .where('id', 'in', [id, into])
    .orderBy('id')
    .forUpdate()
    .execute()
  return [rows.find((row) => row.id === id), rows.find((row) => row.id === into)]
}

/** The photos of one go to the other, and its row goes. @returns the photos */
export async function takeCluster(trx: Trx, id: number, into: number): Promise<number[]> {
  const { rows } = await sql<{ photo_id: number }>`
    update cluster_photos set cluster_id = ${into} where cluster_id = ${id} returning photo_id`.execute(trx)
  await trx.deleteFrom('clusters').where('id', '=', id).execute()
  return rows.map(({ photo_id }) => photo_id)
}

/** With its own id again, so that links to it and what it is called by lead there. */
export async function restoreCluster(trx: Trx, cluster: ClusterState): Promise<void> {
  await sql`
    insert into clusters (id, name, said_by, is_kept, is_hidden, description, tags, primary_category, models, fallback_used,
      images_analyzed, labelled_size)
    overriding system value
    select c.id, c.name, c.said_by, c.is_kept, c.is_hidden, c.description, c.tags, c.primary_category, coalesce(c.models, '{}'),
      coalesce(c.fallback_used, false), c.images_analyzed, c.labelled_size
    from jsonb_populate_record(null::clusters, ${JSON.stringify(cluster)}::jsonb) c
    on conflict (id) do nothing`.execute(trx)
}

/** @returns how many of the photos were in `from` and are in `to` now */
export async function moveMembers(trx: Trx, photos: readonly number[], from: number, to: number): Promise<number> {
  const { rows } = await sql<{ photo_id: number }>`
    update cluster_photos set cluster_id = ${to}
    where cluster_id = ${from} and photo_id = any (${toIntegers(photos)}) returning photo_id`.execute(trx)
  return rows.length
}

export async function saveMerge(trx: Trx, edit: number, merge: ClusterMerge): Promise<void> {
  await trx
    .insertInto('cluster_changes')
    .values({ edit_id: edit, change: JSON.stringify(merge) })
    .execute()
}

export async function readMerge(trx: Trx, edit: number): Promise<ClusterMerge | undefined> {
  return (await trx.selectFrom('cluster_changes').select('change').where('edit_id', '=', edit).executeTakeFirst())?.change
}
