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
    summary: 'List the topics found among the photos, largest first. The search filter `cluster` finds their photos',
    query: z.object({ hidden: Flag.default(false).describe('true: also hidden topics') }),
    answer: ClusterList,
  },
  runClusters: {
    method: 'POST',
    path: '/api/clusters/run',
    tag: 'groups',
    access: 'edit',
    summary: 'Find topics among all photos again, in the background',
    answer: ClusterState,
  },
  changeCluster: {
    method: 'PATCH',
    path: '/api/clusters/:id',
    tag: 'groups',
    access: 'edit',
    summary: 'Name or hide a topic. A name you give stays when topics are found again',
    params: byId,
    body: ClusterPatch,
    answer: ClusterReport,
  },
  mergeCluster: {
    method: 'POST',
    path: '/api/clusters/:id/merge',
    tag: 'groups',
    access: 'edit',
    summary: 'Merge a topic into another one; they stay together until this is undone',
    params: byId,
    body: z.object({ into: Id }),
    answer: ClusterMerged,
  },
  labelCluster: {
    method: 'POST',
    path: '/api/clusters/:id/label',
    tag: 'groups',
    access: 'edit',
    summary:
      'System C (label_cluster): name a topic from up to five representative photos, by the describer if one is on, otherwise from tags, places, and text',
    limit: 'model',
    params: byId,
    answer: ClusterLabel,
  },
  listTrips: {
    method: 'GET',
    path: '/api/trips',
    tag: 'groups',
    access: 'see',
    summary: 'List trips away from home and days with many photos, newest first',
    answer: z.object({ trips: z.array(TripReport) }),
  },
} as const satisfies Record<string, Route>
