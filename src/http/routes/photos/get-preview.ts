/** @file GET /api/photos/:id/preview */
import type { Handler } from '../../handler.ts'
import { sendRendition } from './send-photo.ts'

export const getPreview: Handler<'getPreview'> = ({ params, query, ...rest }) =>
  sendRendition('preview', query.v, { id: params.id, ...rest })
