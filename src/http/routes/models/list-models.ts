/** @file GET /api/models */
import type { Handler } from '../../handler.ts'

export const listModels: Handler<'listModels'> = async ({ services }) => ({ models: await services.models.list() })
