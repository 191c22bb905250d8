/** @file Products and product pictures: each route is one call of the service, with this program’s address for the addresses in answers. */
import type { Handler } from '../../handler.ts'
import { readBase } from '../../read-base.ts'

export const listProducts: Handler<'listProducts'> = ({ query, request, services }) => services.catalogue.list(query, readBase(request))
export const listPictures: Handler<'listPictures'> = ({ query, request, services }) => services.catalogue.pictures(query, readBase(request))
export const getPicture: Handler<'getPicture'> = ({ params, request, services }) => services.catalogue.get(params.id, readBase(request))
export const changePicture: Handler<'changePicture'> = ({ params, body, request, services }) =>
  services.catalogue.change(params.id, body, readBase(request))
export const groupPictures: Handler<'groupPictures'> = ({ body, services }) => services.catalogue.group(body)
export const importProducts: Handler<'importProducts'> = ({ body, services }) => services.catalogue.importCsv(body)

export const mendPicture: Handler<'mendPicture'> = async ({ params, body, request, services }) => {
  const made = await services.products.mend(params.id, body)
  return services.catalogue.get(made.id, readBase(request))
}
export const trashPicture: Handler<'trashPicture'> = async ({ params, request, services }) => {
  await services.products.trash(params.id)
  return services.catalogue.get(params.id, readBase(request))
}
export const restorePicture: Handler<'restorePicture'> = async ({ params, request, services }) => {
  await services.products.restore(params.id)
  return services.catalogue.get(params.id, readBase(request))
}
