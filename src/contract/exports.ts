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
  columns: z.array(z.enum(EXPORT_COLUMNS)).min(1).optional().describe('of CSV and JSON; all where it is left out'),
})
export type ExportRequest = z.output<typeof ExportRequest>

export const ExportReport = z.object({
  path: z.string().describe('fetch it here, for a day; a broken fetch goes on with `Range`'),
  filename: z.string(),
  photos: z.number().int(),
  missing: z.number().int().describe('photos whose picture is not there'),
  bytes: z.number().nullable().describe('length of a ZIP; CSV and JSON are written while they are sent'),
})
export type ExportReport = z.infer<typeof ExportReport>
