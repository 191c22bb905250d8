/** @file Clusters as the edges use them: listed, named, hidden, merged, labelled, looked for again. */

import type { ClusterLabel, ClusterList, ClusterMerged, ClusterPatch, ClusterReport, ClusterState } from '../../contract/clusters.ts'
import type { Db } from '../../db/client.ts'
import type { Actor } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
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
  list(withHidden: boolean): Promise<ClusterList>
  run(): Promise<ClusterState>
  /** @throws FototecaError `not_found` */
  change(id: number, patch: ClusterPatch): Promise<ClusterReport>
  /** @throws FototecaError `not_found`, `invalid` */
  merge(actor: Actor, id: number, into: number): Promise<ClusterMerged>
  /** @throws FototecaError `not_found`, `unavailable` */
  label(id: number): Promise<ClusterLabel>
}

export function createClusters(deps: ClustersDeps): Clusters {
  const { db, clustering, onChanged } = deps
  const noCluster = (id: number) => new FototecaError('not_found', `there is no cluster ${id}; they may have been found anew`)
  async function get(id: number): Promise<ClusterReport> {
    const [cluster] = await listClusters(db, true, id)
    if (!cluster) throw noCluster(id)
    return cluster
  }
  async function state(): Promise<ClusterState> {
    const [last, counts] = [await readLastRun(db), await countMembership(db)]
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
    list: async (withHidden) => ({ clusters: await listClusters(db, withHidden), state: await state() }),

    async run() {
      clustering.run()
      return { ...(await state()), running: true }
    },

    async change(id, { name, hidden, was }) {
      if (was !== undefined && name !== undefined) {
        const current = (await get(id)).name
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
      if (Object.keys(values).length > 0 && !(await updateCluster(db, id, values))) throw noCluster(id)
      const cluster = await get(id)
      if (name !== null) return cluster
      await labelInBackground(deps, id, cluster.count, await readTotals(db))
      return get(id)
    },

    async merge(actor, id, into) {
      if (id === into) throw new FototecaError('invalid', 'into: a cluster cannot be merged into itself')
      const edit = await mergeClusters(db, actor, id, into)
      onChanged()
      return { ...(await get(into)), edit }
    },

    label: (id) => labelCluster(deps, id),
  }
}
