/** @file GET /api/albums/:id */
import type { Handler } from '../../handler.ts'

export const getAlbum: Handler<'getAlbum'> = async ({ params, services }) => services.albums.get(params.id)
