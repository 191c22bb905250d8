/** @file GET /stores/:store/*: whatever lies in the store goes out as a download that no browser runs; `<img>` shows it all the same. */
import { mediaTypeOfName } from '../../../product/media-type.ts'
import type { Handler } from '../../handler.ts'
import { contentDisposition } from '../../send-file.ts'

export const getStored: Handler<'getStored'> = async ({ params, reply, services, log }) => {
  const key = params['*']
  const { bytes, stream } = await services.stores.open(params.store, key)
  const name = key.split('/').at(-1) ?? key
  reply
    .headers({ 'content-length': bytes, 'content-disposition': contentDisposition(name), 'cache-control': 'private, no-cache' })
    .type(mediaTypeOfName(name))
  // a store that breaks off must not look like a whole picture: the connection ends with it
  const out = reply.raw
  stream.once('error', (error) => {
    log.warn({ store: params.store, key, err: error.message }, 'a stored picture broke off while it was sent')
    out.destroy()
  })
  return reply.send(stream)
}
