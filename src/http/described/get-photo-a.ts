/** @file System A: GET /photo/{id}, with its embedding. */
import type { Handler } from '../handler.ts'
import { noPhoto } from '../routes/photos/send-photo.ts'

export const getPhotoA: Handler<'getPhotoA'> = async ({ actor, params, services }) => {
  const [photo] = await services.library.photosA(actor.sees, [params.id], await services.activeSpace())
  if (!photo) throw noPhoto(params.id)
  return photo
}
