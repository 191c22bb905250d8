/** @file GET /api/duplicates/sets */
import type { Handler } from '../../handler.ts'

export const listDuplicateSets: Handler<'listDuplicateSets'> = ({ query, services }) => services.duplicates.list(query)
