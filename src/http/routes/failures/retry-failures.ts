/** @file POST /api/failures/retry */
import type { Handler } from '../../handler.ts'

export const retryFailures: Handler<'retryFailures'> = ({ body: { dry_run, ...choice }, services }) =>
  services.pipeline.retryFailures(choice, dry_run)
