/** @file GET /api/albums/:id/photos */
import type { Handler } from '../../handler.ts'

export const listAlbumPhotos: Handler<'listAlbumPhotos'> = async ({ params, query, services }) => services.albums.photos(params.id, query)
