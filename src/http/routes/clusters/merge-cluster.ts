/** @file POST /api/clusters/:id/merge */
import type { Handler } from '../../handler.ts'

export const mergeCluster: Handler<'mergeCluster'> = async ({ params, body, services }) => services.clusters.merge(params.id, body.into)
