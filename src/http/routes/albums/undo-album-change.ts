/** @file POST /api/album-changes/:id/undo */
import type { Handler } from '../../handler.ts'

export const undoAlbumChange: Handler<'undoAlbumChange'> = async ({ params, services }) => services.albums.undo(params.id)
