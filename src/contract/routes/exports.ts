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
    summary: 'Make an export of chosen photos, of all a search finds, or of an album ready to be fetched at `path`',
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
    summary: 'The export that was made ready; `Range` goes on where a fetch was broken off',
    limit: 'export',
    params: z.object({ key: z.uuid() }),
    answer: 'export',
    tagged: 'of the export; send it as `If-Range` with a range',
  },
} as const satisfies Record<string, Route>
