/** @file POST /api/clusters/run */
import type { Handler } from '../../handler.ts'

export const runClusters: Handler<'runClusters'> = async ({ services }) => services.clusters.run()
