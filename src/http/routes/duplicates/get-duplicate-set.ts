/** @file GET /api/duplicates/sets/:id */
import type { Handler } from '../../handler.ts'

export const getDuplicateSet: Handler<'getDuplicateSet'> = ({ params, services }) => services.duplicates.get(params.id)
