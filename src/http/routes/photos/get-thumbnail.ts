/** @file GET /api/photos/:id/thumbnail */
import type { Handler } from '../../handler.ts'
import { sendRendition } from './send-photo.ts'

export const getThumbnail: Handler<'getThumbnail'> = ({ params, query, ...rest }) =>
  sendRendition('thumbnail', query.v, { id: params.id, ...rest })
