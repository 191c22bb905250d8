/** @file GET /api/photos/:id/original */
import type { Handler } from '../../handler.ts'
import { sendCopyWithMetadata, sendOriginal } from './send-photo.ts'

export const getOriginal: Handler<'getOriginal'> = ({ params, query, ...rest }) =>
  query.with === 'metadata' ? sendCopyWithMetadata({ id: params.id, ...rest }) : sendOriginal({ id: params.id, ...rest })
