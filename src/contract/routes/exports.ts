/** @file Exports. */
import { z } from 'zod'
import { ExportReport, ExportRequest } from '../exports.ts'
import type { Route } from './route.ts'

export const EXPORT_ROUTES = {
  prepareExport: {
    method: 'POST',
    path: '/api/exports',
    tag: 'search',
    access: 'see',
    isAudited: true,
    summary: 'Prepare an export of chosen photos, all results of a search, or an album; download it from `path`',
    limit: 'export',
    body: ExportRequest,
    answer: ExportReport,
  },
  getExport: {
    method: 'GET',
    path: '/api/exports/:key',
    tag: 'search',
    access: 'see',
    cache: 'checked',
    summary: 'Download a prepared export; `Range` resumes an interrupted download',
    limit: 'export',
    params: z.object({ key: z.uuid() }),
    answer: 'export',
    tagged: 'of the export; send it as `If-Range` with `Range`',
  },
} as const satisfies Record<string, Route>
