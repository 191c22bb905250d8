/** @file GET /api/downloads/:key: the ZIP, written while it is sent. */
import type { Handler } from '../../handler.ts'
import { contentDisposition } from '../../send-file.ts'

export const getDownload: Handler<'getDownload'> = async ({ params, reply, services }) => {
  const { bytes, stream } = services.downloads.open(params.key)
  const day = new Date().toISOString().slice(0, 10)
  return reply
    .headers({ 'content-length': bytes, 'content-disposition': contentDisposition(`fototeca ${day}.zip`) })
    .type('application/zip')
    .send(stream)
}
