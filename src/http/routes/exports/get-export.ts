/** @file GET /api/exports/:key: written while it is sent; a part of it where `Range` asks for one. */
import type { Handler } from '../../handler.ts'
import { contentDisposition } from '../../send-file.ts'

export const getExport: Handler<'getExport'> = async ({ params, request, reply, services }) => {
  const { range, 'if-range': ifRange } = request.headers
  const found = await services.exports.open(params.key, range, typeof ifRange === 'string' ? ifRange : undefined)
  reply
    .headers({
      etag: found.etag,
      'accept-ranges': 'bytes',
      'content-disposition': contentDisposition(found.filename),
    })
    .type(found.type)
  if (found.range !== null) {
    const { start, end } = found.range
    reply.code(206).headers({ 'content-range': `bytes ${start}-${end - 1}/${found.length}`, 'content-length': end - start })
  } else if (found.length !== null) reply.header('content-length', found.length)
  return reply.send(found.stream)
}
