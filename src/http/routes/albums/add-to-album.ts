/** @file POST /api/albums/:id/add */
import type { Handler } from '../../handler.ts'

export const addToAlbum: Handler<'addToAlbum'> = async ({ params, body, services }) => services.albums.add(params.id, body.photos)
