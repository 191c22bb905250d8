/** @file The handlers of `contract/routes/albums.ts`; the compiler says which is missing. */
import type { ALBUM_ROUTES } from '../../contract/routes/albums.ts'
import type { HandlersOf } from '../handler.ts'
import { addToAlbum } from '../routes/albums/add-to-album.ts'
import { changeAlbum } from '../routes/albums/change-album.ts'
import { getAlbum } from '../routes/albums/get-album.ts'
import { listAlbumPhotos } from '../routes/albums/list-album-photos.ts'
import { listAlbums } from '../routes/albums/list-albums.ts'
import { makeAlbum } from '../routes/albums/make-album.ts'
import { moveInAlbum } from '../routes/albums/move-in-album.ts'
import { removeAlbum } from '../routes/albums/remove-album.ts'
import { similarAlbum } from '../routes/albums/similar-album.ts'
import { takeFromAlbum } from '../routes/albums/take-from-album.ts'

export const albumHandlers = {
  listAlbums,
  makeAlbum,
  similarAlbum,
  getAlbum,
  changeAlbum,
  removeAlbum,
  listAlbumPhotos,
  addToAlbum,
  takeFromAlbum,
  moveInAlbum,
} satisfies HandlersOf<typeof ALBUM_ROUTES>
