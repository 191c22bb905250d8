/** @file The handlers of `contract/routes/photos.ts`; the compiler says which is missing. */
import type { PHOTO_ROUTES } from '../../contract/routes/photos.ts'
import type { HandlersOf } from '../handler.ts'
import { getDownload } from '../routes/downloads/get-download.ts'
import { prepareDownload } from '../routes/downloads/prepare-download.ts'
import { listFailures } from '../routes/failures/list-failures.ts'
import { retryFailures } from '../routes/failures/retry-failures.ts'
import { getOriginal } from '../routes/photos/get-original.ts'
import { getPhoto } from '../routes/photos/get-photo.ts'
import { getPreview } from '../routes/photos/get-preview.ts'
import { getThumbnail } from '../routes/photos/get-thumbnail.ts'
import { listDays } from '../routes/photos/list-days.ts'
import { listPhotoIds } from '../routes/photos/list-photo-ids.ts'
import { listPhotos } from '../routes/photos/list-photos.ts'
import { retryPhoto } from '../routes/photos/retry-photo.ts'
import { uploadPhotos } from '../routes/photos/upload-photos.ts'

export const photoHandlers = {
  listPhotos,
  listDays,
  listPhotoIds,
  getPhoto,
  getThumbnail,
  getPreview,
  getOriginal,
  uploadPhotos,
  retryPhoto,
  prepareDownload,
  getDownload,
  listFailures,
  retryFailures,
} satisfies HandlersOf<typeof PHOTO_ROUTES>
