/** @file GET /api/stats */
import type { Handler } from '../../handler.ts'

export const getStats: Handler<'getStats'> = ({ services }) => services.library.stats()
