/** @file POST /api/photos/:id/retry */
import type { Handler } from '../../handler.ts'

export const retryPhoto: Handler<'retryPhoto'> = async ({ params, services }) => ({ due: await services.pipeline.retry(params.id) })
