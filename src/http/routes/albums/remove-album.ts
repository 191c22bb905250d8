/** @file DELETE /api/albums/:id */
import type { Handler } from '../../handler.ts'

export const removeAlbum: Handler<'removeAlbum'> = async ({ params, services }) => ({
  id: params.id,
  edit: await services.albums.remove(params.id),
})
