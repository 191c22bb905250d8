/** @file The trash. Photos go there by an edit (`do: trash`). */
import { EmptyReport, EmptyRequest, RestoreReport, RestoreRequest, TrashQuery, TrashReport } from '../trash.ts'
import type { Route } from './route.ts'

export const TRASH_ROUTES = {
  getTrash: {
    method: 'GET',
    path: '/api/trash',
    tag: 'edits',
    access: 'see',
    summary: 'What is in the trash, the last deleted first',
    query: TrashQuery,
    answer: TrashReport,
  },
  restoreTrash: {
    method: 'POST',
    path: '/api/trash/restore',
    tag: 'edits',
    access: 'edit',
    summary: 'Bring photos back',
    body: RestoreRequest,
    answer: RestoreReport,
  },
  emptyTrash: {
    method: 'POST',
    path: '/api/trash/empty',
    tag: 'edits',
    access: 'own',
    summary: 'Delete what is in the trash; files in folders stay unless that is asked for and confirmed',
    body: EmptyRequest,
    answer: EmptyReport,
  },
} as const satisfies Record<string, Route>
