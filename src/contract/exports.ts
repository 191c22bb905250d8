/** @file Exports of any result: facts as CSV or JSON, pictures as a ZIP; streamed, and gone on with by `Range`. */
import { z } from 'zod'
import { PhotoChoice } from './albums.ts'
import { Id } from './photo.ts'

export const EXPORT_FORMATS = ['csv', 'json', 'zip-originals', 'zip-previews'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** What CSV and JSON may say of a photo, in the order of the columns. */
export const EXPORT_COLUMNS = [
  'id',
  'filename',
  'day',
  'taken_at',
  'title',
  'caption',
  'alt_text',
  'tags',
  'categories',
  'people',
  'albums',
  'rating',
  'favourite',
  'text',
  'city',
  'country',
  'latitude',
  'longitude',
  'camera',
  'lens',
  'width',
  'height',
  'format',
  'bytes',
  'sha256',
  'paths',
  'state',
] as const
export type ExportColumn = (typeof EXPORT_COLUMNS)[number]

export const ExportRequest = z.object({
  photos: z.union([...PhotoChoice.options, z.object({ album: Id })]),
  format: z.enum(EXPORT_FORMATS).default('csv'),
  columns: z.array(z.enum(EXPORT_COLUMNS)).min(1).optional().describe('columns of CSV and JSON; default: all'),
})
export type ExportRequest = z.output<typeof ExportRequest>

export const ExportReport = z.object({
  path: z.string().describe('address to download it from, for one day; `Range` resumes an interrupted download'),
  filename: z.string().describe('original file name'),
  photos: z.number().int(),
  missing: z.number().int().describe('photos whose file is missing'),
  bytes: z.number().nullable().describe('size of a ZIP in bytes; null: CSV and JSON, which are written while they are sent'),
})
export type ExportReport = z.infer<typeof ExportReport>
