/** @file GET /api/search */
import type { Handler } from '../../handler.ts'

export const search: Handler<'search'> = ({ query, services }) => services.search(query)
