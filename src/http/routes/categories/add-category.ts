/** @file POST /api/categories */
import type { Handler } from '../../handler.ts'
import { readCategory } from './read-category.ts'

export const addCategory: Handler<'addCategory'> = async ({ body, services }) => readCategory(services, await services.categories.add(body))
