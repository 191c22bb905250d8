/** @file POST /api/exports */
import type { Handler } from '../../handler.ts'

export const prepareExport: Handler<'prepareExport'> = async ({ body, services }) => {
  const { key, ...report } = await services.exports.prepare(body)
  return { ...report, path: `/api/exports/${key}` }
}
