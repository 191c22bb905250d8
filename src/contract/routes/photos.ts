/** @file Photos, their pictures, downloads, failures. */
import { z } from 'zod'
import { FailureChoice, FailureReport, RetryReport } from '../failures.ts'
import { DayCount, UploadResult } from '../library.ts'
import { Day, Id, PhotoCard, PhotoDetail } from '../photo.ts'
import { many, SEARCH_FILTERS } from '../search-filters.ts'
import { byId, Problem, paging, type Route, version } from './route.ts'

export const PHOTO_ROUTES = {
  listPhotos: {
    method: 'GET',
    path: '/api/photos',
    tag: 'photos',
    access: 'member',
    summary: 'Photos that could be read, newest first; `day` keeps one day',
    query: paging.extend({
      day: Day.optional(),
      ids: many(Id).describe('these photos alone, failed ones too; `day` and `cursor` do not go with it'),
      collection: SEARCH_FILTERS.collection.schema,
      cursor: z
        .string()
        .max(200)
        .optional()
        .describe('`next` of the page before: goes on after its last photo, whatever came in meanwhile'),
    }),
    answer: z.object({ photos: z.array(PhotoCard), total: z.number().int(), next: z.string().nullable() }),
  },
  listDays: {
    method: 'GET',
    path: '/api/days',
    tag: 'photos',
    access: 'member',
    summary: 'How many photos each day holds, newest first',
    answer: z.object({ days: z.array(DayCount), total: z.number().int() }),
  },
  listPhotoIds: {
    method: 'GET',
    path: '/api/photos/ids',
    tag: 'photos',
    access: 'member',
    summary: 'Ids alone, in the order of days: newest day first, newest photo first',
    query: z.object({
      skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
      limit: z.coerce.number().int().min(1).max(10_000).default(1000),
    }),
    answer: z.object({ ids: z.array(z.number().int()), total: z.number().int() }),
  },
  getPhoto: {
    method: 'GET',
    path: '/api/photos/:id',
    tag: 'photos',
    access: 'member',
    summary: 'Everything known about a photo',
    params: byId,
    answer: PhotoDetail,
    tagged: 'its version: send it as `If-Match` with an edit of this photo alone',
  },
  getThumbnail: {
    method: 'GET',
    path: '/api/photos/:id/thumbnail',
    tag: 'photos',
    access: 'member',
    cache: 'versioned',
    summary: 'WebP, long side 400 px',
    params: byId,
    query: version,
    answer: 'picture',
    tagged: 'of the file; send it as `If-None-Match`',
  },
  getPreview: {
    method: 'GET',
    path: '/api/photos/:id/preview',
    tag: 'photos',
    access: 'member',
    cache: 'versioned',
    summary: 'WebP, long side 1440 px',
    params: byId,
    query: version,
    answer: 'picture',
    tagged: 'of the file; send it as `If-None-Match`',
  },
  getOriginal: {
    method: 'GET',
    path: '/api/photos/:id/original',
    tag: 'photos',
    access: 'member',
    cache: 'checked',
    summary: 'The bytes as they came, as a download; or a copy with what the library says written into it',
    limit: 'picture',
    params: byId,
    query: z.object({
      with: z.enum(['metadata']).optional().describe('`metadata`: keywords, texts, rating and named faces are written into a copy'),
    }),
    answer: 'file',
    tagged: 'of the file; send it as `If-None-Match`',
  },
  uploadPhotos: {
    method: 'POST',
    path: '/api/photos',
    tag: 'photos',
    access: 'member',
    summary: 'Upload pictures (multipart, parts named `file`)',
    limit: 'upload',
    upload: true,
    writes: true,
    answer: z.object({ photos: z.array(z.union([UploadResult, Problem.omit({ message: true }).extend({ filename: z.string() })])) }),
  },
  retryPhoto: {
    method: 'POST',
    path: '/api/photos/:id/retry',
    tag: 'photos',
    access: 'member',
    summary: 'Make failed steps due again',
    params: byId,
    answer: z.object({ due: z.array(z.string()) }),
  },
  prepareDownload: {
    method: 'POST',
    path: '/api/downloads',
    tag: 'photos',
    access: 'member',
    summary: 'Make a ZIP of originals ready to be fetched at `path`, for a quarter of an hour',
    limit: 'export',
    body: z.object({ ids: z.array(Id).min(1).max(10_000) }),
    answer: z.object({ path: z.string(), photos: z.number().int(), missing: z.number().int(), bytes: z.number() }),
  },
  getDownload: {
    method: 'GET',
    path: '/api/downloads/:key',
    tag: 'photos',
    access: 'member',
    summary: 'The ZIP that was made ready',
    limit: 'export',
    params: z.object({ key: z.uuid() }),
    answer: 'zip',
  },
  listFailures: {
    method: 'GET',
    path: '/api/failures',
    tag: 'photos',
    access: 'member',
    summary: 'What failed, grouped by step, model and reason',
    answer: FailureReport,
  },
  retryFailures: {
    method: 'POST',
    path: '/api/failures/retry',
    tag: 'photos',
    access: 'member',
    summary: 'Make failed steps due again: all, or those of a step, model, reason or of some photos; `dry_run` only counts',
    body: FailureChoice.extend({ dry_run: z.boolean().default(false) }),
    answer: RetryReport,
  },
} as const satisfies Record<string, Route>
