/** @file GET /api/clusters */
import type { Handler } from '../../handler.ts'

export const listClusters: Handler<'listClusters'> = async ({ query, services }) => services.clusters.list(query.hidden)
