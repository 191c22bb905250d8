/** @file PATCH /api/categories/:id */
import type { Handler } from '../../handler.ts'
import { readCategory } from './read-category.ts'

export const changeCategory: Handler<'changeCategory'> = async ({ params, body, services }) => {
  await services.categories.change(params.id, body)
  return readCategory(services, params.id)
}
