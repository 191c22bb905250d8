/** @file GET and POST /api/comparisons, GET /api/comparisons/:id, POST /api/comparisons/:id/cancel */
import type { Handler } from '../../handler.ts'

export const listComparisons: Handler<'listComparisons'> = async ({ services }) => ({ comparisons: await services.comparisons.list() })
export const startComparison: Handler<'startComparison'> = ({ body, services }) => services.comparisons.start(body)
export const getComparison: Handler<'getComparison'> = ({ params, services }) => services.comparisons.get(params.id)
export const cancelComparison: Handler<'cancelComparison'> = ({ params, services }) => services.comparisons.cancel(params.id)
