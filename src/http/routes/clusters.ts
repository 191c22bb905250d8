/** @file The handlers of `contract/routes/clusters.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { CLUSTER_ROUTES } from '../../contract/routes/clusters.ts'
import type { HandlersOf } from '../handler.ts'

export const clusterHandlers = {
  listClusters: async ({ query, services }) => services.clusters.list(query.hidden),
  runClusters: async ({ services }) => services.clusters.run(),
  changeCluster: async ({ params, body, services }) => services.clusters.change(params.id, body),
  mergeCluster: async ({ actor, params, body, services }) => services.clusters.merge(actor, params.id, body.into),
  labelCluster: async ({ params, services }) => services.clusters.label(params.id),
  listTrips: async ({ services }) => ({ trips: await services.trips() }),
} satisfies HandlersOf<typeof CLUSTER_ROUTES>
