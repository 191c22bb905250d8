/** @file PATCH /api/clusters/:id */
import type { Handler } from '../../handler.ts'

export const changeCluster: Handler<'changeCluster'> = async ({ params, body, services }) => services.clusters.change(params.id, body)
