/** @file The handlers of `contract/routes/albums.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { ALBUM_ROUTES } from '../../contract/routes/albums.ts'
import type { HandlersOf } from '../handler.ts'

export const albumHandlers = {
  listAlbums: async ({ services }) => ({ albums: await services.albums.list() }),
  makeAlbum: async ({ actor, body, services }) => services.albums.make(actor, body),
  similarAlbums: async ({ query, services }) => services.similarAlbums(query),
  getAlbum: async ({ params, services }) => services.albums.get(params.id),
  changeAlbum: async ({ params, body, services }) => services.albums.change(params.id, body),
  removeAlbum: async ({ actor, params, services }) => ({
    id: params.id,
    edit: await services.albums.remove(actor, params.id),
  }),
  listAlbumPhotos: async ({ params, query, services }) => services.albums.photos(params.id, query),
  addToAlbum: async ({ actor, params, body, services }) => services.albums.add(actor, params.id, body.photos),
  takeFromAlbum: async ({ actor, params, body, services }) => services.albums.take(actor, params.id, body.photos),
  moveInAlbum: async ({ actor, params, body, services }) => services.albums.move(actor, params.id, body.ids, body.before),
} satisfies HandlersOf<typeof ALBUM_ROUTES>
