/** @file POST /api/trash/restore */
import type { Handler } from '../../handler.ts'

export const restoreTrash: Handler<'restoreTrash'> = ({ body, services }) => services.trash.restore(body.ids)
