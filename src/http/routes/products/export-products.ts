/** @file GET /api/products/export: the ZIP, written while it is sent. */
import type { Handler } from '../../handler.ts'
import { readBase } from '../../read-base.ts'
import { sendZip } from '../../send-zip.ts'

export const exportProducts: Handler<'exportProducts'> = async ({ query, request, reply, services }) => {
  const entries = await services.catalogue.export(query.store, query.names, readBase(request))
  const day = new Date().toISOString().slice(0, 10)
  return sendZip(request, reply, `${query.store} ${query.names} ${day}.zip`, entries)
}
