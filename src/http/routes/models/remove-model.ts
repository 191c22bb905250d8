/** @file DELETE /api/models/:name */
import type { Handler } from '../../handler.ts'

export const removeModel: Handler<'removeModel'> = async ({ params, services }) => {
  await services.models.remove(params.name)
  return { deleted: params.name }
}
