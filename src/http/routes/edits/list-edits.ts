/** @file GET /api/edits */
import type { Handler } from '../../handler.ts'

export const listEdits: Handler<'listEdits'> = async ({ query, services }) => ({
  edits: await services.edits.list(query.skip, query.limit),
})
