/** @file GET /stores/:store/*: whatever lies in the store goes out as a download that no browser runs; `<img>` shows it all the same. */
import type { Handler } from '../../handler.ts'
import { contentDisposition } from '../../send-file.ts'

const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  zip: 'application/zip',
}

export const getStored: Handler<'getStored'> = async ({ params, reply, services, log }) => {
  const key = params['*']
  const { bytes, stream } = await services.stores.open(params.store, key)
  const name = key.split('/').at(-1) ?? key
  const type = TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
  reply
    .headers({ 'content-length': bytes, 'content-disposition': contentDisposition(name), 'cache-control': 'private, no-cache' })
    .type(type)
  // a store that breaks off must not look like a whole picture: the connection ends with it
  const out = reply.raw
  stream.once('error', (error) => {
    log.warn({ store: params.store, key, err: error.message }, 'a stored picture broke off while it was sent')
    out.destroy()
  })
  return reply.send(stream)
}
