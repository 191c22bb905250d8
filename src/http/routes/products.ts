/** @file The handlers of `contract/routes/products.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { PRODUCT_ROUTES } from '../../contract/routes/products.ts'
import { FototecaError } from '../../domain/errors.ts'
import { mediaTypeOfName } from '../../product/media-type.ts'
import type { HandlersOf } from '../handler.ts'
import { readBase } from '../read-base.ts'
import { contentDisposition } from '../send-file.ts'
import { sendZip } from '../send-zip.ts'
import { takeFirst } from '../take-first.ts'
import { checkPicture } from './products/check-picture.ts'

export const productHandlers = {
  /** Whatever lies in the store goes out as a download that no browser runs; `<img>` shows it all the same. */
  getStored: async ({ params, reply, services, log }) => {
    const key = params['*']
    const { bytes, stream } = await services.stores.open(params.store, key)
    const name = key.split('/').at(-1) ?? key
    reply.headers({ 'content-length': bytes, 'content-disposition': contentDisposition(name) }).type(mediaTypeOfName(name))
    // a store that breaks off must not look like a whole picture: the connection ends with it
    const out = reply.raw
    stream.once('error', (error) => {
      log.warn({ store: params.store, key, err: error.message }, 'a stored picture broke off while it was sent')
      out.destroy()
    })
    return reply.send(stream)
  },
  listStores: async ({ services }) => ({ stores: await services.stores.list() }),
  verifyStore: ({ params, body, services }) => services.stores.verify(params.store, body),
  copyStore: ({ params, body, services }) => services.stores.copy(params.store, body.to),
  listProducts: ({ query, request, services }) => services.catalogue.list(query, readBase(request)),
  listPictures: ({ query, request, services }) => services.catalogue.pictures(query, readBase(request)),
  /** What system D’s two uploads do, in one, in the library’s own words. */
  takePicture: async ({ query, files, request, services }) => {
    const options = { website: query.store, kind: query.kind ?? null, checkDuplicate: query.check_duplicate ?? true, topK: 1 }
    const taken = await takeFirst({ files, services }, () => options)
    const like = taken.likes[0]
    const id = taken.end === 'new' ? taken.picture.id : like?.picture.id
    if (id === undefined) throw new FototecaError('internal', 'a duplicate of nothing')
    const picture = await services.catalogue.get(id, readBase(request))
    return {
      duplicate: taken.end === 'duplicate',
      picture,
      kind: taken.end === 'duplicate' ? (like?.kind ?? null) : null,
      space: taken.space,
      filling: await services.products.filling(),
    }
  },
  checkPicture,
  getPicture: ({ params, request, services }) => services.catalogue.get(params.id, readBase(request)),
  changePicture: ({ actor, params, body, request, services }) => services.catalogue.change(actor, params.id, body, readBase(request)),
  mendPicture: async ({ params, body, request, services }) => {
    const made = await services.products.mend(params.id, body)
    return services.catalogue.get(made.id, readBase(request))
  },
  trashPicture: async ({ params, request, services }) => {
    await services.products.trash(params.id)
    return services.catalogue.get(params.id, readBase(request))
  },
  restorePicture: async ({ params, request, services }) => {
    await services.products.restore(params.id)
    return services.catalogue.get(params.id, readBase(request))
  },
  groupPictures: ({ body, services }) => services.catalogue.group(body),
  importProducts: ({ body, services }) => services.catalogue.importCsv(body),
  /** The ZIP, written while it is sent. */
  exportProducts: async ({ query, request, reply, services }) => {
    const { store, entries } = await services.catalogue.export(query.store, query.names, readBase(request))
    const day = new Date().toISOString().slice(0, 10)
    return sendZip(request, reply, `${store} ${query.names} ${day}.zip`, entries)
  },
} satisfies HandlersOf<typeof PRODUCT_ROUTES>
