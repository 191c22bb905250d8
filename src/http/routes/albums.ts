/** @file The handlers of `contract/routes/albums.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { ALBUM_ROUTES } from '../../contract/routes/albums.ts'
import type { HandlersOf } from '../handler.ts'

export const albumHandlers = {
  listAlbums: async ({ actor, services }) => ({ albums: await services.albums.list(actor.sees) }),
  createAlbum: async ({ actor, body, services }) => services.albums.make(actor, body),
  similarAlbums: async ({ actor, query, services }) => services.similarAlbums(actor.sees, query),
  getAlbum: async ({ actor, params, services }) => services.albums.get(actor.sees, params.id),
  changeAlbum: async ({ actor, params, body, services }) => services.albums.change(actor.sees, params.id, body),
  removeAlbum: async ({ actor, params, services }) => ({
    id: params.id,
    edit: await services.albums.remove(actor, params.id),
  }),
  listAlbumPhotos: async ({ actor, params, query, services }) => services.albums.photos(actor.sees, params.id, query),
  addToAlbum: async ({ actor, params, body, services }) => services.albums.add(actor, params.id, body.photos),
  removeFromAlbum: async ({ actor, params, body, services }) => services.albums.take(actor, params.id, body.photos),
  moveInAlbum: async ({ actor, params, body, services }) => services.albums.move(actor, params.id, body.ids, body.before),
} satisfies HandlersOf<typeof ALBUM_ROUTES>
