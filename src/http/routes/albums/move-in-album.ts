/** @file POST /api/albums/:id/move */
import type { Handler } from '../../handler.ts'

export const moveInAlbum: Handler<'moveInAlbum'> = async ({ params, body, services }) =>
  services.albums.move(params.id, body.ids, body.before)
