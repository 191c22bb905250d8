/** @file GET /api/albums */
import type { Handler } from '../../handler.ts'

export const listAlbums: Handler<'listAlbums'> = async ({ services }) => ({ albums: await services.albums.list() })
