/** @file POST /api/edits/:id/undo */
import type { Handler } from '../../handler.ts'

export const undoEdit: Handler<'undoEdit'> = ({ params, services }) => services.edits.undo(params.id)
