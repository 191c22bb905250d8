/** @file PATCH /api/albums/:id */
import type { Handler } from '../../handler.ts'

export const changeAlbum: Handler<'changeAlbum'> = async ({ params, body, services }) => services.albums.change(params.id, body)
