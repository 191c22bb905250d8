/** @file GET /api/categories */
import type { Handler } from '../../handler.ts'

export const listCategories: Handler<'listCategories'> = async ({ services }) => ({ categories: await services.library.categories() })
