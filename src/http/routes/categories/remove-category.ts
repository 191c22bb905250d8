/** @file DELETE /api/categories/:id */
import type { Handler } from '../../handler.ts'

export const removeCategory: Handler<'removeCategory'> = async ({ params, services }) => {
  await services.categories.remove(params.id)
  return { id: params.id }
}
