/** @file Clusters and trips. */
import { z } from 'zod'
import { ClusterLabel, ClusterList, ClusterMerged, ClusterPatch, ClusterReport, ClusterState, TripReport } from '../clusters.ts'
import { Id } from '../photo.ts'
import { Flag } from '../search-filters.ts'
import { byId, type Route } from './route.ts'

export const CLUSTER_ROUTES = {
  listClusters: {
    method: 'GET',
    path: '/api/clusters',
    tag: 'groups',
    access: 'see',
    summary: 'Topics found among the photos, the largest first; search shows their photos (`cluster`)',
    query: z.object({ hidden: Flag.default(false).describe('the hidden ones too') }),
    answer: ClusterList,
  },
  runClusters: {
    method: 'POST',
    path: '/api/clusters/run',
    tag: 'groups',
    access: 'edit',
    summary: 'Look at all photos again, in the background',
    answer: ClusterState,
  },
  changeCluster: {
    method: 'PATCH',
    path: '/api/clusters/:id',
    tag: 'groups',
    access: 'edit',
    summary: 'Name a cluster, or hide it; a name of yours stays',
    params: byId,
    body: ClusterPatch,
    answer: ClusterReport,
  },
  mergeCluster: {
    method: 'POST',
    path: '/api/clusters/:id/merge',
    tag: 'groups',
    access: 'edit',
    summary: 'Put a cluster into another one; they stay together until it is undone',
    params: byId,
    body: z.object({ into: Id }),
    answer: ClusterMerged,
  },
  labelCluster: {
    method: 'POST',
    path: '/api/clusters/:id/label',
    tag: 'groups',
    access: 'edit',
    summary: 'System C’s label_cluster: name it from up to five representatives, by the describer where one is on, else by facts',
    limit: 'model',
    params: byId,
    answer: ClusterLabel,
  },
  listTrips: {
    method: 'GET',
    path: '/api/trips',
    tag: 'groups',
    access: 'see',
    summary: 'Trips away from home and days with many photos, newest first',
    answer: z.object({ trips: z.array(TripReport) }),
  },
} as const satisfies Record<string, Route>
