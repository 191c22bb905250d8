/** @file The handlers of `contract/routes/described-systems.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { DESCRIBED_ROUTES } from '../../contract/routes/described-systems.ts'
import { analysisC } from '../described/analysis-c.ts'
import { getPhotoA } from '../described/get-photo-a.ts'
import { listPhotosA } from '../described/list-photos-a.ts'
import { captionD, deleteImageD, postDeleteImageD, similarD } from '../described/product-d.ts'
import { searchA, similarA } from '../described/search-a.ts'
import { thumbnailB } from '../described/thumbnail-b.ts'
import { uploadA } from '../described/upload-a.ts'
import type { HandlersOf } from '../handler.ts'

export const describedHandlers = {
  uploadA,
  getPhotoA,
  listPhotosA,
  searchA,
  similarA,
  analysisC,
  captionD,
  similarD,
  deleteImageD,
  postDeleteImageD,
  thumbnailB,
} satisfies HandlersOf<typeof DESCRIBED_ROUTES>
