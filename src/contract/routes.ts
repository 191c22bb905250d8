/** @file Every route of the service, once. Handlers, OpenAPI, the typed web client and the CLI derive from this table. */
import { z } from 'zod'
import {
  ComparisonDetail, ComparisonReport, ComparisonRequest, DescribeEstimate, DescribeReport, DescribeRunRequest, DescribeUse,
} from './describe.ts' // biome-ignore format: a list
import { PhotoA, SearchA, UploadA } from './described.ts'
import { AnalysisC } from './description.ts'
import { CategoryInput, CategoryPatch, EditReport, EditRequest } from './edits.ts'
import { FailureChoice, FailureReport, RetryReport } from './failures.ts'
import {
  CatalogueModel, CategoryCount, DayCount, Health, PersonCount, Progress, ScanReport, SourceReport, SpaceReport, Stats, UploadResult,
} from './library.ts' // biome-ignore format: a list
import { Day, Id, PhotoCard, PhotoDetail } from './photo.ts'
import { ReprocessReport, ReprocessRequest } from './reprocess.ts'
import { FacetsAnswer, FacetsQuery, SearchAnswer, SearchQuery, SuggestAnswer, SuggestQuery } from './search.ts'
import { SearchFilters } from './search-filters.ts'
import { VocabularyInput, VocabularyParams, VocabularyReport } from './vocabulary.ts'
import { SEARCH_MODES } from './words.ts'

export const Problem = z.object({ detail: z.string(), code: z.string().optional() }).describe('what is wrong, for a person')

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly summary: string
  readonly tag: 'photos' | 'search' | 'edits' | 'library' | 'models' | 'describe' | 'described systems'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** multipart with one or more `file` parts instead of `body` */
  readonly upload?: true
  /** the JSON of a 200, or `bytes` for a picture */
  readonly answer: z.ZodType | 'bytes' | 'html'
  /** answered without a token even when one is set */
  readonly open?: true
  /** browsers get the page (by `Accept`), clients JSON */
  readonly page?: true
}

const byId = z.object({ id: Id })
const ModelName = z.string().min(1).max(200)
const AcceptLicence = z.boolean().default(false).describe('the terms of the model were read and accepted')
/** pictures with `v` may be kept for ever: change it (for instance to `processed_at`) when the photo was analysed again */
const version = z.object({ v: z.string().max(100).optional().describe('any value; with it the picture may be cached for ever') })
const paging = z.object({
  skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

export const ROUTES = {
  // photos
  listPhotos: {
    method: 'GET', path: '/api/photos', tag: 'photos', summary: 'Photos, newest first; `day` keeps one day',
    query: paging.extend({ day: Day.optional(), cursor: z.string().max(200).optional().describe('`next` of the page before: goes on after its last photo, whatever came in meanwhile') }),
    answer: z.object({ photos: z.array(PhotoCard), total: z.number().int(), next: z.string().nullable() }),
  },
  listDays: {
    method: 'GET', path: '/api/days', tag: 'photos', summary: 'How many photos each day holds, newest first',
    answer: z.object({ days: z.array(DayCount), total: z.number().int() }),
  },
  listPhotoIds: {
    method: 'GET', path: '/api/photos/ids', tag: 'photos', summary: 'Ids alone, in the order of days: newest day first, newest photo first',
    query: z.object({ skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0), limit: z.coerce.number().int().min(1).max(10_000).default(1000) }),
    answer: z.object({ ids: z.array(z.number().int()), total: z.number().int() }),
  },
  getPhoto: { method: 'GET', path: '/api/photos/:id', tag: 'photos', summary: 'Everything known about a photo', params: byId, answer: PhotoDetail },
  getThumbnail: { method: 'GET', path: '/api/photos/:id/thumbnail', tag: 'photos', summary: 'WebP, long side 400 px', params: byId, query: version, answer: 'bytes' },
  getPreview: { method: 'GET', path: '/api/photos/:id/preview', tag: 'photos', summary: 'WebP, long side 1440 px', params: byId, query: version, answer: 'bytes' },
  getOriginal: { method: 'GET', path: '/api/photos/:id/original', tag: 'photos', summary: 'The bytes as they came, as a download; or a copy with what the library says written into it', params: byId, query: z.object({ with: z.enum(['metadata']).optional().describe('`metadata`: keywords, texts, rating and named faces are written into a copy') }), answer: 'bytes' },
  uploadPhotos: { method: 'POST', path: '/api/photos', tag: 'photos', summary: 'Upload pictures (multipart, parts named `file`)', upload: true, answer: z.object({ photos: z.array(z.union([UploadResult, Problem.extend({ filename: z.string() })])) }) },
  retryPhoto: { method: 'POST', path: '/api/photos/:id/retry', tag: 'photos', summary: 'Make failed steps due again', params: byId, answer: z.object({ due: z.array(z.string()) }) },
  prepareDownload: {
    method: 'POST', path: '/api/downloads', tag: 'photos', summary: 'Make a ZIP of originals ready to be fetched at `path`, for a quarter of an hour',
    body: z.object({ ids: z.array(Id).min(1).max(10_000) }), answer: z.object({ path: z.string(), photos: z.number().int(), missing: z.number().int(), bytes: z.number() }),
  },
  getDownload: { method: 'GET', path: '/api/downloads/:key', tag: 'photos', summary: 'The ZIP that was made ready', params: z.object({ key: z.uuid() }), answer: 'bytes' },
  listFailures: { method: 'GET', path: '/api/failures', tag: 'photos', summary: 'What failed, grouped by step, model and reason', answer: FailureReport },
  retryFailures: { method: 'POST', path: '/api/failures/retry', tag: 'photos', summary: 'Make failed steps due again: all, or those of a step, model, reason or of some photos; `dry_run` only counts', body: FailureChoice.extend({ dry_run: z.boolean().default(false) }), answer: RetryReport },
  // search
  search: { method: 'GET', path: '/api/search', tag: 'search', summary: 'Find photos by words, by a photo, by filters', query: SearchQuery, answer: SearchAnswer },
  getFacets: { method: 'GET', path: '/api/search/facets', tag: 'search', summary: 'Of the photos a search finds, how many hold each value of each filter', query: FacetsQuery, answer: FacetsAnswer },
  suggest: { method: 'GET', path: '/api/suggest', tag: 'search', summary: 'How to go on with what was typed: people, tags, categories, words in pictures and file names', query: SuggestQuery, answer: SuggestAnswer },
  listCategories: { method: 'GET', path: '/api/categories', tag: 'search', summary: 'Categories with counts', answer: z.object({ categories: z.array(CategoryCount) }) },
  listPeople: { method: 'GET', path: '/api/people', tag: 'search', summary: 'Named people with counts', answer: z.object({ people: z.array(PersonCount) }) },
  // edits
  makeEdit: { method: 'POST', path: '/api/edits', tag: 'edits', summary: 'Change chosen photos, or only count; many are changed in the background', body: EditRequest, answer: EditReport },
  listEdits: { method: 'GET', path: '/api/edits', tag: 'edits', summary: 'What was changed by persons, newest first', query: paging, answer: z.object({ edits: z.array(EditReport) }) },
  getEdit: { method: 'GET', path: '/api/edits/:id', tag: 'edits', summary: 'How far an edit is', params: byId, answer: EditReport },
  undoEdit: { method: 'POST', path: '/api/edits/:id/undo', tag: 'edits', summary: 'Put back what an edit replaced, except where something else was decided since', params: byId, answer: EditReport },
  addCategory: { method: 'POST', path: '/api/categories', tag: 'edits', summary: 'A new category', body: CategoryInput, answer: CategoryCount },
  changeCategory: { method: 'PATCH', path: '/api/categories/:id', tag: 'edits', summary: 'Rename a category, describe it, give it other tags; its photos follow in the background', params: byId, body: CategoryPatch, answer: CategoryCount },
  mergeCategory: { method: 'POST', path: '/api/categories/:id/merge', tag: 'edits', summary: 'Put a category into another one', params: byId, body: z.object({ into: Id }), answer: CategoryCount },
  listVocabulary: { method: 'GET', path: '/api/vocabulary', tag: 'edits', summary: 'The words the library looks for in its pictures', answer: VocabularyReport },
  addWord: { method: 'POST', path: '/api/vocabulary', tag: 'edits', summary: 'Look for one more word; photos follow in the background, none is opened', body: VocabularyInput, answer: VocabularyReport },
  removeWord: { method: 'DELETE', path: '/api/vocabulary/:word', tag: 'edits', summary: 'Do not look for a word any more', params: VocabularyParams, answer: VocabularyReport },
  removeCategory: { method: 'DELETE', path: '/api/categories/:id', tag: 'edits', summary: 'Delete a category; photos and tags stay', params: byId, answer: z.object({ id: z.number().int() }) },
  // library
  getProgress: { method: 'GET', path: '/api/progress', tag: 'library', summary: 'What is being worked on now', answer: Progress },
  getStats: { method: 'GET', path: '/api/stats', tag: 'library', summary: 'Counts per state and step', answer: Stats },
  getHealth: { method: 'GET', path: '/health', tag: 'library', summary: 'Index counts, model of each capability, lanes', answer: Health },
  getLive: { method: 'GET', path: '/live', tag: 'library', summary: 'The process answers', answer: z.object({ status: z.literal('ok') }), open: true },
  getReady: { method: 'GET', path: '/ready', tag: 'library', summary: 'The database answers', answer: z.object({ status: z.literal('ready') }) },
  listSources: { method: 'GET', path: '/api/sources', tag: 'library', summary: 'Where photos come from', answer: z.object({ sources: z.array(SourceReport) }) },
  addSource: { method: 'POST', path: '/api/sources', tag: 'library', summary: 'Index a folder of this machine in place and watch it', body: z.object({ path: z.string().min(1).max(4096) }), answer: SourceReport },
  scanSource: { method: 'POST', path: '/api/sources/:id/scan', tag: 'library', summary: 'Look at a folder again now; `force` accepts that many files are gone', params: byId, body: z.object({ force: z.boolean().default(false) }).default({ force: false }), answer: ScanReport },
  reprocess: { method: 'POST', path: '/api/reprocess', tag: 'library', summary: 'Run steps again over chosen photos; `dry_run` counts and estimates the time', body: ReprocessRequest, answer: ReprocessReport },
  // models
  listModels: { method: 'GET', path: '/api/models', tag: 'models', summary: 'Models of the catalogue and what is installed', answer: z.object({ models: z.array(CatalogueModel) }) },
  pullModel: { method: 'POST', path: '/api/models/pull', tag: 'models', summary: 'Start (or continue) the download of a model', body: z.object({ name: ModelName.optional(), accept_licence: AcceptLicence }), answer: CatalogueModel },
  useModel: { method: 'POST', path: '/api/models/use', tag: 'models', summary: 'Use an installed model: at once for faces and for the first model of search by meaning, else when its space is full', body: z.object({ name: ModelName }), answer: CatalogueModel },
  importModel: { method: 'POST', path: '/api/models/import', tag: 'models', summary: 'Install a model from a folder of this machine', body: z.object({ path: z.string().min(1).max(4096), name: ModelName.optional(), accept_licence: AcceptLicence }), answer: CatalogueModel },
  measureModel: { method: 'POST', path: '/api/models/measure', tag: 'models', summary: 'Run an installed model to see what it costs on this computer', body: z.object({ name: ModelName }), answer: CatalogueModel },
  removeModel: { method: 'DELETE', path: '/api/models/:name', tag: 'models', summary: 'Delete the files of a model that is not in use', params: z.object({ name: ModelName }), answer: z.object({ deleted: z.string() }) },
  listSpaces: { method: 'GET', path: '/api/spaces', tag: 'models', summary: 'Embedding spaces: which answers, which fills and how far', answer: z.object({ spaces: z.array(SpaceReport) }) },
  useSpace: { method: 'POST', path: '/api/spaces/:id/use', tag: 'models', summary: 'Let searches look into this space now, full or not', params: byId, answer: SpaceReport },
  rollBackSpace: { method: 'POST', path: '/api/spaces/roll-back', tag: 'models', summary: 'Back to the space that answered before', answer: SpaceReport },
  pauseSpace: { method: 'POST', path: '/api/spaces/:id/pause', tag: 'models', summary: 'Fill it no further for now', params: byId, answer: SpaceReport },
  resumeSpace: { method: 'POST', path: '/api/spaces/:id/resume', tag: 'models', summary: 'Fill it on; photos that failed are tried again', params: byId, answer: SpaceReport },
  dropSpace: { method: 'DELETE', path: '/api/spaces/:id', tag: 'models', summary: 'Delete its vectors; never of one that answers', params: byId, answer: z.object({ dropped: z.string() }) },
  // describe
  getDescribe: { method: 'GET', path: '/api/describe', tag: 'describe', summary: 'Which model describes pictures, what leaves this machine, what was spent, what could be chosen', answer: DescribeReport },
  useDescriber: { method: 'POST', path: '/api/describe/use', tag: 'describe', summary: 'Switch a describer on by name (null: off), choose its photos and limits', body: DescribeUse, answer: DescribeReport },
  pauseDescribe: { method: 'POST', path: '/api/describe/pause', tag: 'describe', summary: 'Begin no further description', answer: DescribeReport },
  resumeDescribe: { method: 'POST', path: '/api/describe/resume', tag: 'describe', summary: 'Go on, now', answer: DescribeReport },
  cancelDescribe: { method: 'POST', path: '/api/describe/cancel', tag: 'describe', summary: 'Forget what waits to be described; what was described stays', answer: DescribeReport },
  runDescribe: { method: 'POST', path: '/api/describe/run', tag: 'describe', summary: 'Describe chosen photos now, within a budget; or only count and estimate', body: DescribeRunRequest.prefault({}), answer: DescribeEstimate },
  listComparisons: { method: 'GET', path: '/api/comparisons', tag: 'describe', summary: 'Comparisons of two describers, newest first', answer: z.object({ comparisons: z.array(ComparisonReport) }) },
  startComparison: { method: 'POST', path: '/api/comparisons', tag: 'describe', summary: 'Ask two describers about the same photos', body: ComparisonRequest, answer: ComparisonReport },
  getComparison: { method: 'GET', path: '/api/comparisons/:id', tag: 'describe', summary: 'What both said, photo by photo', params: byId, answer: ComparisonDetail },
  cancelComparison: { method: 'POST', path: '/api/comparisons/:id/cancel', tag: 'describe', summary: 'Stop a comparison; what was said stays', params: byId, answer: ComparisonReport },
  // described systems A and B, at their own paths
  uploadA: { method: 'POST', path: '/upload', tag: 'described systems', summary: 'Upload one picture (multipart `file`)', upload: true, answer: UploadA },
  getPhotoA: { method: 'GET', path: '/photo/:id', tag: 'described systems', summary: 'A photo with its embedding', params: byId, query: z.object({ format: z.enum(['json', 'html']).optional() }), answer: PhotoA, page: true },
  listPhotosA: { method: 'GET', path: '/photos', tag: 'described systems', summary: 'Photos, newest first', query: z.object({ skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0), limit: z.coerce.number().int().min(1).max(500).default(10), format: z.enum(['json', 'html']).optional() }), answer: z.array(PhotoA), page: true },
  searchA: { method: 'GET', path: '/search', tag: 'described systems', summary: 'Search by meaning; keyword hits (distance null) where no model is installed', query: SearchFilters.extend({ q: z.string().trim().min(1).max(500), top_k: z.coerce.number().int().min(1).max(200).default(5), mode: z.enum(SEARCH_MODES).default('semantic'), format: z.enum(['json', 'html']).optional() }), answer: SearchA, page: true },
  similarA: { method: 'POST', path: '/search/image-to-image', tag: 'described systems', summary: 'Photos like a photo', query: z.object({ reference_photo_id: Id, top_k: z.coerce.number().int().min(1).max(200).default(5) }), answer: SearchA },
  analysisC: { method: 'GET', path: '/api/photos/:id/analysis', tag: 'described systems', summary: 'What a model says of the picture, in the words of system C', params: byId, answer: AnalysisC },
  thumbnailB: { method: 'GET', path: '/thumbnail/:id', tag: 'described systems', summary: 'Thumbnail', params: byId, query: version, answer: 'bytes' },
} as const satisfies Record<string, Route> // biome-ignore format: a table
export type RouteName = keyof typeof ROUTES
