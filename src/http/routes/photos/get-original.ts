/** @file GET /api/photos/:id/original */
import type { Handler } from '../../handler.ts'
import { sendOriginal } from './send-photo.ts'

export const getOriginal: Handler<'getOriginal'> = ({ params, ...rest }) => sendOriginal({ id: params.id, ...rest })
