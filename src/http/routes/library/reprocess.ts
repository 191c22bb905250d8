/** @file POST /api/reprocess */
import type { Handler } from '../../handler.ts'

export const reprocess: Handler<'reprocess'> = ({ body, services }) => services.reprocess(body)
