/** @file The trash. Photos go there by an edit (`do: trash`). */
import { EmptyReport, EmptyRequest, RestoreReport, RestoreRequest, TrashQuery, TrashReport } from '../trash.ts'
import type { Route } from './route.ts'

export const TRASH_ROUTES = {
  getTrash: {
    method: 'GET',
    path: '/api/trash',
    tag: 'edits',
    access: 'see',
    summary: 'List the photos in the trash, last deleted first',
    query: TrashQuery,
    answer: TrashReport,
  },
  restoreTrash: {
    method: 'POST',
    path: '/api/trash/restore',
    tag: 'edits',
    access: 'edit',
    summary: 'Restore photos from the trash',
    body: RestoreRequest,
    answer: RestoreReport,
  },
  emptyTrash: {
    method: 'POST',
    path: '/api/trash/empty',
    tag: 'edits',
    access: 'own',
    summary: 'Delete what is in the trash for good. Files in folders stay unless their deletion is requested and confirmed',
    body: EmptyRequest,
    answer: EmptyReport,
  },
} as const satisfies Record<string, Route>
