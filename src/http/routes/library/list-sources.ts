/** @file GET /api/sources */
import type { Handler } from '../../handler.ts'

export const listSources: Handler<'listSources'> = async ({ services }) => ({ sources: await services.library.sources() })
