/** @file GET /api/faces/:id/picture */
import { FototecaError } from '../../../domain/errors.ts'
import type { Handler } from '../../handler.ts'
import { sendFile } from '../../send-file.ts'

export const getFacePicture: Handler<'getFacePicture'> = async ({ params, query, request, reply, services }) => {
  const path = await services.people.picture(params.id)
  const cacheControl = query.v === undefined ? 'private, max-age=3600' : 'private, max-age=31536000, immutable'
  const sent = await sendFile(request, reply, { path, type: 'image/webp', cacheControl })
  if (!sent) throw new FototecaError('not_found', `the picture of face ${params.id} is gone; ask again`)
  return reply
}
