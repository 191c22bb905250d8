/** @file Clusters as the edges use them: listed, named, hidden, merged, labelled, looked for again. */

import type { ClusterLabel, ClusterList, ClusterMerged, ClusterPatch, ClusterReport, ClusterState } from '../../contract/clusters.ts'
import type { Db } from '../../db/client.ts'
import type { Actor } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { Visibility } from '../../domain/visibility.ts'
import type { Clustering } from './clustering.ts'
import { type LabelDeps, labelCluster, labelInBackground } from './label-clusters.ts'
import { mergeClusters } from './merge-clusters.ts'
import { countMembership, listClusters, readLastRun, updateCluster } from './store-clusters.ts'
import { readTotals } from './store-facts.ts'

export interface ClustersDeps extends LabelDeps {
  readonly db: Db
  readonly clustering: Pick<Clustering, 'run' | 'isRunning'>
  readonly onChanged: () => void
}

export interface Clusters {
  list(sees: Visibility, withHidden: boolean): Promise<ClusterList>
  run(sees: Visibility): Promise<ClusterState>
  /** @throws FototecaError `not_found` */
  change(sees: Visibility, id: number, patch: ClusterPatch): Promise<ClusterReport>
  /** @throws FototecaError `not_found`, `invalid` */
  merge(actor: Actor, id: number, into: number): Promise<ClusterMerged>
  /** @throws FototecaError `not_found`, `unavailable` */
  label(sees: Visibility, id: number): Promise<ClusterLabel>
}

export function createClusters(deps: ClustersDeps): Clusters {
  const { db, clustering, onChanged } = deps
  const noCluster = (id: number) => new FototecaError('not_found', `there is no cluster ${id}; they may have been found anew`)
  async function get(sees: Visibility, id: number): Promise<ClusterReport> {
    const [cluster] = await listClusters(db, sees, true, id)
    if (!cluster) throw noCluster(id)
    return cluster
  }
  /** Where not every photo may be seen: whether any of the cluster may. */
  const mayName = async (sees: Visibility, id: number) => sees.allowed === null || (await listClusters(db, sees, true, id)).length > 0
  async function state(sees: Visibility): Promise<ClusterState> {
    const [last, counts] = [await readLastRun(db), await countMembership(db, sees)]
    return {
      running: clustering.isRunning,
      space: last?.space ?? null,
      ...counts,
      made_at: last?.at ?? null,
      took_ms: last?.took_ms ?? null,
      notice: last?.space.startsWith('builtin/look')
        ? 'There is no model that knows what pictures show, so photos are grouped by colours and shapes alone.'
        : null,
    }
  }
  return {
    list: async (sees, withHidden) => ({ clusters: await listClusters(db, sees, withHidden), state: await state(sees) }),

    async run(sees) {
      await clustering.run()
      return { ...(await state(sees)), running: true }
    },

    async change(sees, id, { name, hidden, was }) {
      if (was !== undefined && name !== undefined) {
        const current = (await get(sees, id)).name
        if (current !== was)
          throw new FototecaError('conflict', `it is called ${current ?? 'nothing'} meanwhile; look again, then rename it`)
      }
      const values = {
        ...(name === undefined
          ? {}
          : name === null
            ? { name: null, said_by: null, is_kept: false }
            : { name, said_by: 'person', is_kept: true }),
        ...(hidden === undefined ? {} : { is_hidden: hidden }),
      }
      if (!(await mayName(sees, id)) || (Object.keys(values).length > 0 && !(await updateCluster(db, id, values)))) throw noCluster(id)
      const cluster = await get(sees, id)
      if (name !== null) return cluster
      await labelInBackground(deps, id, cluster.count, await readTotals(db))
      return get(sees, id)
    },

    async merge(actor, id, into) {
      if (id === into) throw new FototecaError('invalid', 'into: a cluster cannot be merged into itself')
      for (const each of [id, into]) if (!(await mayName(actor.sees, each))) throw noCluster(each)
      const edit = await mergeClusters(db, actor, id, into)
      onChanged()
      return { ...(await get(actor.sees, into)), edit }
    },

    label: (sees, id) => labelCluster(deps, sees, id),
  }
}
