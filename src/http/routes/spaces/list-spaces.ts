/** @file GET /api/spaces */
import type { Handler } from '../../handler.ts'

export const listSpaces: Handler<'listSpaces'> = async ({ services }) => ({ spaces: await services.spaces.list() })
