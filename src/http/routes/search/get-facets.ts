/** @file GET /api/search/facets */
import type { Handler } from '../../handler.ts'

export const getFacets: Handler<'getFacets'> = ({ query, services }) => services.facets(query)
