/** @file The handlers of `contract/routes/clusters.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { CLUSTER_ROUTES } from '../../contract/routes/clusters.ts'
import type { HandlersOf } from '../handler.ts'

export const clusterHandlers = {
  listClusters: async ({ actor, query, services }) => services.clusters.list(actor.sees, query.hidden),
  runClusters: async ({ actor, services }) => services.clusters.run(actor.sees),
  changeCluster: async ({ actor, params, body, services }) => services.clusters.change(actor.sees, params.id, body),
  mergeCluster: async ({ actor, params, body, services }) => services.clusters.merge(actor, params.id, body.into),
  labelCluster: async ({ actor, params, services }) => services.clusters.label(actor.sees, params.id),
  listTrips: async ({ actor, services }) => ({ trips: await services.trips(actor.sees) }),
} satisfies HandlersOf<typeof CLUSTER_ROUTES>
