/** @file The handlers of `contract/routes/clusters.ts`; the compiler says which is missing. */
import type { CLUSTER_ROUTES } from '../../contract/routes/clusters.ts'
import type { HandlersOf } from '../handler.ts'
import { changeCluster } from '../routes/clusters/change-cluster.ts'
import { labelCluster } from '../routes/clusters/label-cluster.ts'
import { listClusters } from '../routes/clusters/list-clusters.ts'
import { listTrips } from '../routes/clusters/list-trips.ts'
import { mergeCluster } from '../routes/clusters/merge-cluster.ts'
import { runClusters } from '../routes/clusters/run-clusters.ts'

export const clusterHandlers = {
  listClusters,
  runClusters,
  changeCluster,
  mergeCluster,
  labelCluster,
  listTrips,
} satisfies HandlersOf<typeof CLUSTER_ROUTES>
