/** @file The handlers of `contract/routes/exports.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { EXPORT_ROUTES } from '../../contract/routes/exports.ts'
import type { HandlersOf } from '../handler.ts'
import { getExport } from './exports/get-export.ts'

export const exportHandlers = {
  prepareExport: async ({ actor, body, services }) => {
    const { key, ...report } = await services.exports.prepare(actor.sees, body)
    return { ...report, path: `/api/exports/${key}` }
  },
  getExport,
} satisfies HandlersOf<typeof EXPORT_ROUTES>
