/** @file POST /api/categories/:id/merge */
import type { Handler } from '../../handler.ts'
import { readCategory } from './read-category.ts'

export const mergeCategory: Handler<'mergeCategory'> = async ({ params, body, services }) => {
  await services.categories.merge(params.id, body.into)
  return readCategory(services, body.into)
}
