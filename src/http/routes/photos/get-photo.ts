/** @file GET /api/photos/:id */
import type { Handler } from '../../handler.ts'
import { noPhoto } from './send-photo.ts'

export const getPhoto: Handler<'getPhoto'> = async ({ params, services }) => {
  const photo = await services.library.getPhoto(params.id)
  if (!photo) throw noPhoto(params.id)
  return photo
}
