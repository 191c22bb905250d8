/** @file GET /api/trash */
import type { Handler } from '../../handler.ts'

export const getTrash: Handler<'getTrash'> = ({ query, services }) => services.trash.list(query)
