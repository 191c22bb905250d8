/** @file DELETE /api/sources/:id */
import type { Handler } from '../../handler.ts'

export const removeSource: Handler<'removeSource'> = ({ params, query, services }) =>
  services.sources.remove(params.id, { photos: query.photos, isDryRun: query.dry_run === 'true' })
