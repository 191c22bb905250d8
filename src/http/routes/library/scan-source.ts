/** @file POST /api/sources/:id/scan */
import type { Handler } from '../../handler.ts'

export const scanSource: Handler<'scanSource'> = ({ params, body, services }) =>
  services.ingest.scan(params.id, { force: body?.force ?? false })
