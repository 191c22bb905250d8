/** @file GET /api/albums/similar */
import type { Handler } from '../../handler.ts'

export const similarAlbum: Handler<'similarAlbum'> = async ({ query, services }) => services.similarAlbum(query)
