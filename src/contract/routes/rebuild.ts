/** @file A library made anew after its database was lost. */
import { RebuildReport, RebuildRequest } from '../rebuild.ts'
import type { Route } from './route.ts'

export const REBUILD_ROUTES = {
  getRebuild: {
    method: 'GET',
    path: '/api/rebuild',
    tag: 'library',
    access: 'own',
    summary: 'How far rebuilding the library has come',
    answer: RebuildReport,
  },
  startRebuild: {
    method: 'POST',
    path: '/api/rebuild',
    tag: 'library',
    access: 'own',
    summary: 'Make photos of the uploaded files and records that lie in the data folder, after the database was lost',
    body: RebuildRequest,
    answer: RebuildReport,
  },
} as const satisfies Record<string, Route>
