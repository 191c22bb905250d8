/** @file GET /api/photos/:id */
import type { Handler } from '../../handler.ts'
import { writePhotoTag } from '../../photo-tag.ts'
import { noPhoto } from './send-photo.ts'

export const getPhoto: Handler<'getPhoto'> = async ({ params, reply, services }) => {
  const photo = await services.library.getPhoto(params.id)
  if (!photo) throw noPhoto(params.id)
  void reply.header('etag', writePhotoTag(photo.version))
  return photo
}
