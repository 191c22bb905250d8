/** @file POST /api/albums/:id/restore */
import type { Handler } from '../../handler.ts'

export const restoreAlbum: Handler<'restoreAlbum'> = async ({ params, services }) => services.albums.restore(params.id)
