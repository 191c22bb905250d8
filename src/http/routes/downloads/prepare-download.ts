/** @file POST /api/downloads */
import type { Handler } from '../../handler.ts'

export const prepareDownload: Handler<'prepareDownload'> = async ({ body, services }) => {
  const { key, ...download } = await services.downloads.prepare(body.ids)
  return { ...download, path: `/api/downloads/${key}` }
}
