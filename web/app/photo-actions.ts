/** @file Every action on chosen photos, in the order of the bar. A new one is a file of its own and a line here. */
import { addToAlbumAction } from '../features/selection/actions/add-to-album.tsx'
import { downloadAction } from '../features/selection/actions/download.ts'
import { editAction } from '../features/selection/actions/edit.tsx'
import { exportAction } from '../features/selection/actions/export.tsx'
import { favouriteAction } from '../features/selection/actions/favourite.ts'
import { makePicturesAction } from '../features/selection/actions/make-pictures.tsx'
import { retryAction } from '../features/selection/actions/retry.ts'
import { trashAction } from '../features/selection/actions/trash.ts'
import type { PhotoAction } from '../lib/photo-action.ts'

export const PHOTO_ACTIONS: readonly PhotoAction[] = [
  favouriteAction,
  addToAlbumAction,
  editAction,
  downloadAction,
  exportAction,
  makePicturesAction,
  retryAction,
  trashAction,
]
