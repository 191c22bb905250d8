/** @file GET /api/edits/:id */
import type { Handler } from '../../handler.ts'

export const getEdit: Handler<'getEdit'> = ({ params, services }) => services.edits.get(params.id)
