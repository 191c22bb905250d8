/** @file The handler of each route of the contract; the compiler says which is missing. */
import { analysisC } from './described/analysis-c.ts'
import { getPhotoA } from './described/get-photo-a.ts'
import { listPhotosA } from './described/list-photos-a.ts'
import { searchA, similarA } from './described/search-a.ts'
import { thumbnailB } from './described/thumbnail-b.ts'
import { uploadA } from './described/upload-a.ts'
import type { Handlers } from './handler.ts'
import { addCategory } from './routes/categories/add-category.ts'
import { changeCategory } from './routes/categories/change-category.ts'
import { listCategories } from './routes/categories/list-categories.ts'
import { mergeCategory } from './routes/categories/merge-category.ts'
import { removeCategory } from './routes/categories/remove-category.ts'
import { cancelDescribe } from './routes/describe/cancel-describe.ts'
import { cancelComparison, getComparison, listComparisons, startComparison } from './routes/describe/comparisons.ts'
import { getDescribe } from './routes/describe/get-describe.ts'
import { pauseDescribe } from './routes/describe/pause-describe.ts'
import { resumeDescribe } from './routes/describe/resume-describe.ts'
import { runDescribe } from './routes/describe/run-describe.ts'
import { useDescriber } from './routes/describe/use-describer.ts'
import { getDownload } from './routes/downloads/get-download.ts'
import { prepareDownload } from './routes/downloads/prepare-download.ts'
import { getEdit } from './routes/edits/get-edit.ts'
import { listEdits } from './routes/edits/list-edits.ts'
import { makeEdit } from './routes/edits/make-edit.ts'
import { undoEdit } from './routes/edits/undo-edit.ts'
import { listFailures } from './routes/failures/list-failures.ts'
import { retryFailures } from './routes/failures/retry-failures.ts'
import { addSource } from './routes/library/add-source.ts'
import { getHealth } from './routes/library/get-health.ts'
import { getLive } from './routes/library/get-live.ts'
import { getProgress } from './routes/library/get-progress.ts'
import { getReady } from './routes/library/get-ready.ts'
import { getStats } from './routes/library/get-stats.ts'
import { listSources } from './routes/library/list-sources.ts'
import { reprocess } from './routes/library/reprocess.ts'
import { scanSource } from './routes/library/scan-source.ts'
import { importModel } from './routes/models/import-model.ts'
import { listModels } from './routes/models/list-models.ts'
import { measureModel } from './routes/models/measure-model.ts'
import { pullModel } from './routes/models/pull-model.ts'
import { removeModel } from './routes/models/remove-model.ts'
import { useModel } from './routes/models/use-model.ts'
import { getOriginal } from './routes/photos/get-original.ts'
import { getPhoto } from './routes/photos/get-photo.ts'
import { getPreview } from './routes/photos/get-preview.ts'
import { getThumbnail } from './routes/photos/get-thumbnail.ts'
import { listDays } from './routes/photos/list-days.ts'
import { listPhotoIds } from './routes/photos/list-photo-ids.ts'
import { listPhotos } from './routes/photos/list-photos.ts'
import { retryPhoto } from './routes/photos/retry-photo.ts'
import { uploadPhotos } from './routes/photos/upload-photos.ts'
import { getFacets } from './routes/search/get-facets.ts'
import { listPeople } from './routes/search/list-people.ts'
import { search } from './routes/search/search-photos.ts'
import { suggest } from './routes/search/suggest.ts'
import { dropSpace } from './routes/spaces/drop-space.ts'
import { listSpaces } from './routes/spaces/list-spaces.ts'
import { pauseSpace } from './routes/spaces/pause-space.ts'
import { resumeSpace } from './routes/spaces/resume-space.ts'
import { rollBackSpace } from './routes/spaces/roll-back-space.ts'
import { useSpace } from './routes/spaces/use-space.ts'
import { addWord } from './routes/tags/add-word.ts'
import { listVocabulary } from './routes/tags/list-vocabulary.ts'
import { removeWord } from './routes/tags/remove-word.ts'

export const HANDLERS = {
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
  search,
  getFacets,
  suggest,
  listCategories,
  listPeople,
  makeEdit,
  listEdits,
  getEdit,
  undoEdit,
  addCategory,
  changeCategory,
  mergeCategory,
  removeCategory,
  getProgress,
  getStats,
  getHealth,
  getLive,
  getReady,
  listSources,
  addSource,
  scanSource,
  listVocabulary,
  addWord,
  removeWord,
  reprocess,
  listModels,
  pullModel,
  useModel,
  importModel,
  measureModel,
  removeModel,
  listSpaces,
  useSpace,
  rollBackSpace,
  pauseSpace,
  resumeSpace,
  dropSpace,
  getDescribe,
  useDescriber,
  pauseDescribe,
  resumeDescribe,
  cancelDescribe,
  runDescribe,
  listComparisons,
  startComparison,
  getComparison,
  cancelComparison,
  uploadA,
  getPhotoA,
  listPhotosA,
  searchA,
  similarA,
  analysisC,
  thumbnailB,
} satisfies Handlers
