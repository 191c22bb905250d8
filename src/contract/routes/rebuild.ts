/** @file A library made anew after its database was lost. */
import { RebuildReport, RebuildRequest } from '../rebuild.ts'
import type { Route } from './route.ts'

export const REBUILD_ROUTES = {
  getRebuild: {
    method: 'GET',
    path: '/api/rebuild',
    tag: 'library',
    access: 'own',
    summary: 'Get the progress of rebuilding the library',
    answer: RebuildReport,
  },
  startRebuild: {
    method: 'POST',
    path: '/api/rebuild',
    tag: 'library',
    access: 'own',
    summary: 'Rebuild the photos from the uploaded files and records in the data folder, after the database was lost',
    body: RebuildRequest,
    answer: RebuildReport,
  },
} as const satisfies Record<string, Route>
