/** @file POST /api/albums/:id/remove */
import type { Handler } from '../../handler.ts'

export const takeFromAlbum: Handler<'takeFromAlbum'> = async ({ params, body, services }) => services.albums.take(params.id, body.photos)
