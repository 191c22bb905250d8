/** @file GET /api/products/export: the ZIP, written while it is sent. */
import { Readable } from 'node:stream'
import type { Handler } from '../../handler.ts'
import { readBase } from '../../read-base.ts'
import { contentDisposition } from '../../send-file.ts'

export const exportProducts: Handler<'exportProducts'> = async ({ query, request, reply, services }) => {
  const { bytes, chunks } = await services.catalogue.export(query.store, query.names, readBase(request))
  const day = new Date().toISOString().slice(0, 10)
  return reply
    .headers({ 'content-length': bytes, 'content-disposition': contentDisposition(`${query.store} ${query.names} ${day}.zip`) })
    .type('application/zip')
    .send(Readable.from(chunks, { objectMode: false }))
}
