/** @file POST /api/trash/empty */
import type { Handler } from '../../handler.ts'

export const emptyTrash: Handler<'emptyTrash'> = ({ body, services }) => services.trash.empty(body)
