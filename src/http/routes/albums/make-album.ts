/** @file POST /api/albums */
import type { Handler } from '../../handler.ts'

export const makeAlbum: Handler<'makeAlbum'> = async ({ body, services }) => services.albums.make(body)
