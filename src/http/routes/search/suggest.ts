/** @file GET /api/suggest */
import type { Handler } from '../../handler.ts'

export const suggest: Handler<'suggest'> = ({ query, services }) => services.suggest(query)
