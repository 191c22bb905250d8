/** @file POST /api/clusters/:id/label */
import type { Handler } from '../../handler.ts'

export const labelCluster: Handler<'labelCluster'> = async ({ params, services }) => services.clusters.label(params.id)
